/** Converts sersync's confxml.xml to a configuration: {@link dev.dromedary.sersync.ImportSersync}. */
package dev.dromedary.sersync;
