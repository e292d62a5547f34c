/** What a target has not received yet: in lanes, until a run has brought it; whether the target gets anything for now. */
package dev.dromedary.backlog;
