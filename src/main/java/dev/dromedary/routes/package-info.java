/** Makes the mirrors' routes and beans from the templates in routes/, at the start and at a reload. */
package dev.dromedary.routes;
