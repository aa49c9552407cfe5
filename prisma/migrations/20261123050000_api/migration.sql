-- A request that is sent twice is carried out once: the answer of the first is kept for a day.
CREATE TABLE "idempotency_keys" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("actor","key")
);
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- Fewer scopes, each a sentence about what a program is for: what was readable by several is one.
UPDATE api_keys SET scopes = (
  SELECT coalesce(array_agg(DISTINCT mapped ORDER BY mapped), '{}') FROM (
    SELECT CASE
      WHEN scope IN ('runs:read', 'experiments:read', 'optimizations:read', 'optimizations:write', 'benchmarks:read', 'benchmarks:write')
        THEN 'experiments:run' ELSE scope END AS mapped
    FROM unnest(scopes) AS scope
  ) AS renamed
);
