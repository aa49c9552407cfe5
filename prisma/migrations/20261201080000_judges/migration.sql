-- What people said of answers, and how judges compare with them. Both are evidence: a label is written once, and a
-- certification never changes once it has ended.
CREATE TABLE "judge_labels" (
    "id" BIGSERIAL NOT NULL,
    "suite" TEXT NOT NULL,
    "benchmark_id" UUID NOT NULL,
    "question_hash" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "answer_hash" TEXT NOT NULL,
    "pass" BOOLEAN NOT NULL,
    "labelled_by" TEXT NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "judge_labels_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "judge_labels_suite_id_idx" ON "judge_labels"("suite", "id");

ALTER TABLE "judge_labels" ADD CONSTRAINT "judge_labels_benchmark_id_fkey" FOREIGN KEY ("benchmark_id") REFERENCES "benchmarks"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON judge_labels FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON judge_labels FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE judge_labels ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE judge_labels ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TABLE "judge_certifications" (
    "id" UUID NOT NULL,
    "suite" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cost_limit_usd" DECIMAL(18,9) NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "result" JSONB,

    CONSTRAINT "judge_certifications_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "judge_certifications_state_check" CHECK ("state" IN ('queued', 'running', 'finished', 'failed')),
    CONSTRAINT "judge_certifications_end_check" CHECK (
      ("state" IN ('finished', 'failed')) = ("finished_at" IS NOT NULL)
      AND ("state" = 'finished') = ("result" IS NOT NULL)
      AND ("state" = 'failed') = ("failure" IS NOT NULL))
);

CREATE INDEX "judge_certifications_suite_created_at_idx" ON "judge_certifications"("suite", "created_at" DESC);
CREATE INDEX "judge_certifications_state_lease_until_idx" ON "judge_certifications"("state", "lease_until");

CREATE FUNCTION genepool_ended_certification_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('finished', 'failed') THEN
    RAISE EXCEPTION 'certification % has ended: UPDATE refused', OLD.id
      USING ERRCODE = 'restrict_violation', HINT = 'Certify the suite again.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER ended_is_immutable BEFORE UPDATE ON judge_certifications FOR EACH ROW EXECUTE FUNCTION genepool_ended_certification_is_immutable();
CREATE TRIGGER refuse_delete BEFORE DELETE ON judge_certifications FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON judge_certifications FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE judge_certifications ENABLE ALWAYS TRIGGER ended_is_immutable;
ALTER TABLE judge_certifications ENABLE ALWAYS TRIGGER refuse_delete;
ALTER TABLE judge_certifications ENABLE ALWAYS TRIGGER refuse_truncate;
