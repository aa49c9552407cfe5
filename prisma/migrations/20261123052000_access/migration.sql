-- People may come from an identity provider: the row then has no password, and its role follows the groups there.
ALTER TABLE "users" ADD COLUMN "source" TEXT NOT NULL DEFAULT 'local';
ALTER TABLE "users" ADD COLUMN "external_id" TEXT;
CREATE UNIQUE INDEX "users_external_id_key" ON "users"("external_id");
ALTER TABLE users ADD CONSTRAINT users_source CHECK (
  (source = 'local' AND external_id IS NULL)
  OR (source = 'oidc' AND external_id IS NOT NULL AND password_hash IS NULL)
);

-- The trail is read by who did what, newest first.
CREATE INDEX "audit_events_actor_id_idx" ON "audit_events"("actor", "id");
CREATE INDEX "audit_events_action_id_idx" ON "audit_events"("action", "id");
