/** Which hosts there are, where a mirror's targets come and go with them. */
package dev.dromedary.hosts;
