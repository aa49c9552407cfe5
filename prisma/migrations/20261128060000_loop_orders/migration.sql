-- What somebody asked of an agent type's optimization loop, kept until Temporal has it.
CREATE TABLE "loop_orders" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "agent_type" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cron" TEXT,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3),
    "refusal" TEXT,
    "failure" TEXT,

    CONSTRAINT "loop_orders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "loop_orders_kind_check" CHECK ("kind" IN ('generation', 'pause', 'resume', 'stop', 'schedule', 'unschedule'))
);

CREATE INDEX "loop_orders_agent_type_seq_idx" ON "loop_orders"("agent_type", "seq");
CREATE INDEX "loop_orders_delivered_at_seq_idx" ON "loop_orders"("delivered_at", "seq");

ALTER TABLE "loop_orders" ADD CONSTRAINT "loop_orders_agent_type_fkey" FOREIGN KEY ("agent_type") REFERENCES "agent_types"("name") ON DELETE RESTRICT ON UPDATE RESTRICT;
