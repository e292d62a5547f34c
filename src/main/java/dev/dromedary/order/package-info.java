/** What travels last, where the configuration says so of some paths, and what it waits for. */
package dev.dromedary.order;
