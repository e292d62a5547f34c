/** What the user asked for, read once and checked as a whole: mirrors, their targets and every option, as plain data. */
package dev.dromedary.config;
