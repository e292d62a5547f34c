/** Changes as records of a topic: published by a source, followed by agents that pull. */
package dev.dromedary.topic;
