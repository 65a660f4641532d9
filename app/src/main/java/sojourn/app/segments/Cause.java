package sojourn.app.segments;

import sojourn.app.contacts.Changes;

/**
 * Why a contact is to be looked at, where not everything about it may have changed. In the change queue each is one word;
 * the key of an interaction type stands for itself, the others have a prefix with a slash, which no such key has.
 */
sealed interface Cause {

    String MEMBERSHIP = "segment/";
    String RELATED = "related/";

    String word();

    /** An interaction of this type came. */
    record Interaction(String type) implements Cause {
        @Override
        public String word() {
            return type;
        }
    }

    /** It joined or left this segment: what builds on it must look again. */
    record Membership(String segment) implements Cause {
        @Override
        public String word() {
            return MEMBERSHIP + segment;
        }
    }

    /** What it is related to by this relationship changed. */
    record Link(String relationship) implements Cause {
        @Override
        public String word() {
            return Changes.RELATIONSHIP + relationship;
        }
    }

    /** A record of this profile type, to which it is related somehow, changed. */
    record Related(String type) implements Cause {
        @Override
        public String word() {
            return RELATED + type;
        }
    }

    static Cause of(String word) {
        if (word.startsWith(MEMBERSHIP)) {
            return new Membership(word.substring(MEMBERSHIP.length()));
        } else if (word.startsWith(Changes.RELATIONSHIP)) {
            return new Link(word.substring(Changes.RELATIONSHIP.length()));
        } else if (word.startsWith(RELATED)) {
            return new Related(word.substring(RELATED.length()));
        }
        return new Interaction(word);
    }
}
