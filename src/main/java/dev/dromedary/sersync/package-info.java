/** Makes a configuration of what sersync's confxml.xml says: {@link dev.dromedary.sersync.ImportSersync}. */
package dev.dromedary.sersync;
