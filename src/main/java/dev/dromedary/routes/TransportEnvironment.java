package dev.dromedary.routes;

import java.nio.file.Path;

import dev.dromedary.rsync.RsyncVersion;
import org.apache.camel.CamelContext;

/**
 * The values that all targets of a process share while their routes are made.
 *
 * @param stateDir              the state folder
 * @param shared                a folder that the other process of a pair sees too; the state folder if there is no pair
 * @param controls              the folder for the sockets of ssh's shared connections
 * @param rsync                 the version of rsync on this host
 * @param once                  whether all targets are reconciled once and the process ends then
 * @param firstDeletionsAllowed whether the first run of a target may delete anything
 * @param logged                whether the transfer log is on, so that rsync has to report each path
 */
record TransportEnvironment(CamelContext context, Path stateDir, Path shared, Path controls, RsyncVersion rsync, boolean once,
        boolean firstDeletionsAllowed, boolean logged) {
}
