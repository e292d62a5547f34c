/** The user's configuration as plain data: mirrors, their targets and every option. It is read once and checked as a whole. */
package dev.dromedary.config;
