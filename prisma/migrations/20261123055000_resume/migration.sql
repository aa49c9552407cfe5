-- A run that ended early may be taken up again: its time counts from then.
ALTER TABLE "optimizations" ADD COLUMN "resumed_at" TIMESTAMPTZ(3);
