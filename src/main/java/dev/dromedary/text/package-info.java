/** Words and figures as people read them. */
package dev.dromedary.text;
