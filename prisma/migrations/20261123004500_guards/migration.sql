-- AlterTable
ALTER TABLE "budget_days" ADD COLUMN     "overshoot_usd" DECIMAL(18,9) NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "optimizations" ADD COLUMN     "overshoot_usd" DECIMAL(18,9) NOT NULL DEFAULT 0;

ALTER TABLE budget_days ADD CONSTRAINT budget_days_overshoot CHECK (overshoot_usd >= 0);
ALTER TABLE optimizations ADD CONSTRAINT optimizations_overshoot CHECK (overshoot_usd >= 0);

-- A CHECK passes when it is null, and a row comparison with a null from_status is: every start was allowed.
ALTER TABLE prompt_transitions DROP CONSTRAINT prompt_transitions_allowed;
ALTER TABLE prompt_transitions ADD CONSTRAINT prompt_transitions_allowed CHECK (
  (coalesce(from_status, 'new'), to_status) IN (
    ('new', 'draft'),
    ('draft', 'experimental'), ('draft', 'archived'),
    ('experimental', 'candidate'), ('experimental', 'archived'),
    ('candidate', 'production'), ('candidate', 'experimental'), ('candidate', 'archived'),
    ('production', 'archived'),
    ('archived', 'production')
  )
);

-- The status is a projection: only the trigger on prompt_transitions writes it, and nobody takes it away.
CREATE FUNCTION genepool_refuse_direct_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') OR pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'prompt_statuses follows prompt_transitions: % refused', TG_OP
      USING ERRCODE = 'restrict_violation', HINT = 'Write a transition instead.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_direct_change BEFORE INSERT OR UPDATE OR DELETE ON prompt_statuses FOR EACH ROW EXECUTE FUNCTION genepool_refuse_direct_status();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON prompt_statuses FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_direct_status();
ALTER TABLE prompt_statuses ENABLE ALWAYS TRIGGER refuse_direct_change;
ALTER TABLE prompt_statuses ENABLE ALWAYS TRIGGER refuse_truncate;

-- A tag that was deleted could start again at generation 1, and an old compare-and-swap would succeed.
CREATE TRIGGER refuse_delete BEFORE DELETE ON prompt_tags FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON prompt_tags FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE prompt_tags ENABLE ALWAYS TRIGGER refuse_delete;
ALTER TABLE prompt_tags ENABLE ALWAYS TRIGGER refuse_truncate;

-- Benchmarks stand behind evidence: they are retired, never deleted.
CREATE TRIGGER refuse_delete BEFORE DELETE ON benchmarks FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON benchmarks FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE benchmarks ENABLE ALWAYS TRIGGER refuse_delete;
ALTER TABLE benchmarks ENABLE ALWAYS TRIGGER refuse_truncate;
ALTER TABLE benchmarks ENABLE ALWAYS TRIGGER content_is_immutable;
