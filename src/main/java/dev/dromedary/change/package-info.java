/** Changes as plain data: paths, each with its pending extent. */
package dev.dromedary.change;
