-- Benchmarks that ask the same question are one group, and a group is sealed or not for good: docs/decisions/0027.
ALTER TABLE benchmarks ADD COLUMN required BOOLEAN NOT NULL DEFAULT false, ADD COLUMN group_hash TEXT;

CREATE TABLE suite_groups (
  suite TEXT NOT NULL,
  group_hash TEXT NOT NULL,
  sealed BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT suite_groups_pkey PRIMARY KEY (suite, group_hash)
);

-- A seal that could be moved after a look at the results would prove nothing.
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON suite_groups FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON suite_groups FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE suite_groups ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE suite_groups ENABLE ALWAYS TRIGGER refuse_truncate;

-- SQL cannot normalize as the product does: rows of before get their group when the product reads them first, once.
CREATE OR REPLACE FUNCTION genepool_benchmark_content_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'retired_at' - 'group_hash') IS DISTINCT FROM (to_jsonb(OLD) - 'retired_at' - 'group_hash')
    OR (OLD.group_hash IS NOT NULL AND NEW.group_hash IS DISTINCT FROM OLD.group_hash) THEN
    RAISE EXCEPTION 'benchmarks are immutable: UPDATE refused'
      USING ERRCODE = 'restrict_violation', HINT = 'Import the changed benchmark as a new row.';
  END IF;
  RETURN NEW;
END
$$;
