package sojourn.app.journeys;

import sojourn.app.contacts.Changes;
import sojourn.app.contacts.NewAttributes;
import sojourn.app.messages.MessageParts;
import sojourn.app.segments.SegmentParts;

/** What other features do for journeys that come and go as bundles. */
public record BundleParts(SegmentParts segments, MessageParts messages, NewAttributes attributes, Changes changes) {}
