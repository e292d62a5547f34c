/** {@code dromedary init}: asks for a source and targets, and writes a first configuration. */
package dev.dromedary.init;
