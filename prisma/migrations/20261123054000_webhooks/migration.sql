-- What the outside is told of goes to webhooks: each event of the outbox is made into one body and one delivery for each
-- webhook that asked for it; from then on the deliveries are retried by themselves.
ALTER INDEX "outbox_delivered_at_id_idx" RENAME TO "outbox_dispatched_at_id_idx";
ALTER TABLE "outbox" RENAME COLUMN "delivered_at" TO "dispatched_at";
ALTER TABLE "outbox" DROP COLUMN "attempts";
-- The same over every attempt and every webhook, so that a receiver knows what it has seen.
ALTER TABLE "outbox" ADD COLUMN "event_id" UUID NOT NULL DEFAULT gen_random_uuid();
-- Names what is told once; a second event of the same name is not written.
ALTER TABLE "outbox" ADD COLUMN "once_key" TEXT;
-- What is sent, byte for byte, in every attempt.
ALTER TABLE "outbox" ADD COLUMN "body" TEXT;
CREATE UNIQUE INDEX "outbox_event_id_key" ON "outbox"("event_id");
CREATE UNIQUE INDEX "outbox_once_key_key" ON "outbox"("once_key");

CREATE TABLE "webhooks" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "previous_secret_until" TIMESTAMPTZ(3),
    "events" TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_deleted_is_off CHECK (deleted_at IS NULL OR NOT enabled);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_previous_secret_ends
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL));

CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL,
    "outbox_id" BIGINT NOT NULL,
    "webhook_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "lease_owner" UUID,
    "last_attempt_at" TIMESTAMPTZ(3),
    "response_status" INTEGER,
    "duration_ms" INTEGER,
    "error" TEXT,
    "response_excerpt" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_status CHECK (
  status IN ('pending', 'delivered', 'failed')
  AND (status = 'pending') = (next_attempt_at IS NOT NULL)
  AND (status = 'pending' OR lease_owner IS NULL)
);
CREATE UNIQUE INDEX "webhook_deliveries_outbox_id_webhook_id_key" ON "webhook_deliveries"("outbox_id", "webhook_id");
-- What is due: only pending deliveries have a next attempt.
CREATE INDEX "webhook_deliveries_webhook_id_next_attempt_at_idx" ON "webhook_deliveries"("webhook_id", "next_attempt_at");
CREATE INDEX "webhook_deliveries_webhook_id_created_at_idx" ON "webhook_deliveries"("webhook_id", "created_at");
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_outbox_id_fkey"
  FOREIGN KEY ("outbox_id") REFERENCES "outbox"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey"
  FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
