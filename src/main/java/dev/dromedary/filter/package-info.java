/** rsync's include and exclude rules, matched as rsync matches them. */
package dev.dromedary.filter;
