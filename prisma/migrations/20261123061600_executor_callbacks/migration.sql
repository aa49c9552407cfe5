-- Answers that executors send later, to the callback of one trial.
CREATE TABLE "executor_callbacks" (
    "trial_id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "executor_callbacks_pkey" PRIMARY KEY ("trial_id")
);

CREATE INDEX "executor_callbacks_expires_at_idx" ON "executor_callbacks"("expires_at");
