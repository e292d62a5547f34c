/** Keeps what a target has not received yet, in lanes, until a run has sent it; decides whether the target gets anything for now. */
package dev.dromedary.backlog;
