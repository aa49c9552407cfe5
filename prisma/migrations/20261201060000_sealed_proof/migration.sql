-- What an agent's owner declares about it.
ALTER TABLE agent_types ADD COLUMN repeats TEXT;
ALTER TABLE agent_types ADD CONSTRAINT agent_types_repeats CHECK (repeats IS NULL OR repeats IN ('same', 'vary'));
ALTER TABLE agent_types ADD COLUMN non_inferiority_margin DOUBLE PRECISION NOT NULL DEFAULT 0.05;
ALTER TABLE agent_types ADD CONSTRAINT agent_types_margin CHECK (non_inferiority_margin > 0 AND non_inferiority_margin <= 0.5);

-- Benchmarks of a proof that search, proposer and examples never saw.
ALTER TABLE experiments ADD COLUMN sealed_ids UUID[] NOT NULL DEFAULT '{}';

-- The ledger of proofs: each spends a part of the error that all proofs against one incumbent may have together.
CREATE TABLE proofs (
    optimization_id UUID NOT NULL,
    incumbent_id UUID NOT NULL,
    suite TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    alpha DOUBLE PRECISION NOT NULL,
    opened_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    closed_at TIMESTAMPTZ(3),
    claimed BOOLEAN,
    group_hashes TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT proofs_pkey PRIMARY KEY (optimization_id)
);
CREATE UNIQUE INDEX proofs_incumbent_id_suite_ordinal_key ON proofs(incumbent_id, suite, ordinal);
ALTER TABLE proofs ADD CONSTRAINT proofs_incumbent_id_fkey FOREIGN KEY (incumbent_id) REFERENCES prompts(id) ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE proofs ADD CONSTRAINT proofs_ranges CHECK (ordinal >= 1 AND alpha > 0 AND alpha <= 0.05 AND (closed_at IS NULL) = (claimed IS NULL));

-- What was spent stays spent: an entry is closed once, and nothing else of it changes.
CREATE FUNCTION genepool_proof_closes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR
    (to_jsonb(NEW) - ARRAY['closed_at', 'claimed', 'group_hashes']) IS DISTINCT FROM
    (to_jsonb(OLD) - ARRAY['closed_at', 'claimed', 'group_hashes']) THEN
    RAISE EXCEPTION 'proofs are append-only: UPDATE refused'
      USING ERRCODE = 'restrict_violation', HINT = 'An entry is closed once; a new proof is a new row.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER closes_once BEFORE UPDATE ON proofs FOR EACH ROW EXECUTE FUNCTION genepool_proof_closes_once();
CREATE TRIGGER refuse_delete BEFORE DELETE ON proofs FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON proofs FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change();
ALTER TABLE proofs ENABLE ALWAYS TRIGGER closes_once;
ALTER TABLE proofs ENABLE ALWAYS TRIGGER refuse_delete;
ALTER TABLE proofs ENABLE ALWAYS TRIGGER refuse_truncate;
