package dev.dromedary.sersync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads an XML file without document type, without entities except the five predefined ones, and without external content.
 *
 * @param root     the outermost element
 * @param encoding the encoding that the file declares; {@code null} if it declares none
 */
record ConfxmlReader(ConfxmlElement root, String encoding) {

    // the file that sersync ships has 2 KiB
    private static final int LARGEST = 1 << 20;

    static ConfxmlReader read(Path file) throws UnusableConfxmlException {
        byte[] bytes = bytes(file);
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(bytes));
            try {
                return new ConfxmlReader(root(reader), reader.getCharacterEncodingScheme());
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            String line = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNumber() + ")";
            // the rest of the parser's message repeats the location
            String problem = String.valueOf(e.getMessage()).replaceFirst("(?s).*Message: ", "");
            throw new UnusableConfxmlException("it is not XML" + line + ": " + problem, "correct it there, or name another file");
        }
    }

    private static byte[] bytes(Path file) throws UnusableConfxmlException {
        String remedy = "name sersync's configuration, usually confxml.xml";
        try {
            if (Files.isDirectory(file)) {
                throw new UnusableConfxmlException("it is a folder", remedy);
            }
            byte[] bytes;
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LARGEST + 1);
            }
            if (bytes.length > LARGEST) {
                throw new UnusableConfxmlException("it is larger than 1 MiB, sersync's configuration is not", remedy);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnusableConfxmlException("there is no such file", remedy);
        } catch (IOException e) {
            throw new UnusableConfxmlException("it cannot be read by " + System.getProperty("user.name") + " ("
                    + e.getMessage() + ")", "make it readable, or " + remedy);
        }
    }

    private static XMLInputFactory factory() {
        // the JDK's own factory, whatever else is on the class path: these properties are known to work with it
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty("http://javax.xml.XMLConstants/property/accessExternalDTD", "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing is read from elsewhere");
        });
        return factory;
    }

    // uses a stack of its own, so that deep nesting in a hostile file does no harm
    private static ConfxmlElement root(XMLStreamReader reader) throws XMLStreamException, UnusableConfxmlException {
        Deque<ConfxmlElement> open = new ArrayDeque<>();
        ConfxmlElement root = null;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD -> throw new UnusableConfxmlException("it has a document type (<!DOCTYPE ...>, line "
                        + reader.getLocation().getLineNumber() + "), which can make a parser read other files or grow"
                        + " without end", "take it out; sersync's configuration needs none");
                case XMLStreamConstants.ENTITY_REFERENCE -> throw new UnusableConfxmlException("it uses the entity &"
                        + reader.getLocalName() + ";, which is not known", "write out what it stands for");
                case XMLStreamConstants.START_ELEMENT -> {
                    ConfxmlElement element = new ConfxmlElement(name(reader.getPrefix(), reader.getLocalName()),
                            reader.getLocation().getLineNumber(), attributes(reader), new ArrayList<>());
                    if (open.isEmpty()) {
                        root = element;
                    } else {
                        open.peek().children().add(element);
                    }
                    open.push(element);
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                default -> { }
            }
        }
        return root;
    }

    private static Map<String, String> attributes(XMLStreamReader reader) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(name(reader.getAttributePrefix(i), reader.getAttributeLocalName(i)), reader.getAttributeValue(i));
        }
        return attributes;
    }

    private static String name(String prefix, String name) {
        return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
    }

    /** {@return whether the file declares an encoding other than UTF-8} */
    boolean declaresAnotherEncoding() {
        return encoding != null && !encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name());
    }
}
