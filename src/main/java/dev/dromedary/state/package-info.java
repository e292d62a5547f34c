/** Files in the state folder that outlive the process. */
package dev.dromedary.state;
