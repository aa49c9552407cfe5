-- What a running optimization waits for, and since when: Temporal that is away, in words.
ALTER TABLE optimizations ADD COLUMN waiting_for TEXT, ADD COLUMN waiting_since TIMESTAMPTZ(3);
