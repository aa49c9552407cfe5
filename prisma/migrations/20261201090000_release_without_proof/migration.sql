-- Release without proof: a prompt that no proof stands behind goes into production on an administrator's word. Both ledgers
-- say so, neither can say so alone, and the mark follows the prompt whenever it holds prod.
ALTER TABLE "prompt_transitions" ADD COLUMN "unproven" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "tag_moves" ADD COLUMN "unproven" BOOLEAN NOT NULL DEFAULT false;

-- The step from a draft or an experimental prompt into production exists only with the mark on it.
ALTER TABLE prompt_transitions DROP CONSTRAINT prompt_transitions_allowed;
ALTER TABLE prompt_transitions ADD CONSTRAINT prompt_transitions_allowed CHECK (
  CASE WHEN unproven
    THEN to_status = 'production' AND coalesce(from_status, 'new') IN ('draft', 'experimental', 'candidate')
      AND length(btrim(reason)) >= 3
    ELSE (coalesce(from_status, 'new'), to_status) IN (
      ('new', 'draft'),
      ('draft', 'experimental'), ('draft', 'archived'),
      ('experimental', 'candidate'), ('experimental', 'archived'),
      ('candidate', 'production'), ('candidate', 'experimental'), ('candidate', 'archived'),
      ('production', 'archived'),
      ('archived', 'production')
    )
  END
);
ALTER TABLE tag_moves ADD CONSTRAINT tag_moves_unproven CHECK (NOT unproven OR tag = 'prod');

-- A roll-back to a prompt that was released without proof brings the mark back with it, whoever writes the move.
CREATE FUNCTION genepool_carry_unproven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.unproven := NEW.unproven OR (NEW.tag = 'prod' AND EXISTS (
    SELECT 1 FROM prompt_transitions WHERE prompt_id = NEW.to_prompt_id AND unproven));
  RETURN NEW;
END
$$;
CREATE TRIGGER carry_unproven BEFORE INSERT ON tag_moves FOR EACH ROW EXECUTE FUNCTION genepool_carry_unproven();
ALTER TABLE tag_moves ENABLE ALWAYS TRIGGER carry_unproven;

-- Looked at when the transaction ends: the two rows are written one after the other.
CREATE FUNCTION genepool_unproven_in_both_ledgers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  prompt uuid;
BEGIN
  -- The branches stay apart: a row has the columns of its own table alone.
  IF TG_TABLE_NAME = 'tag_moves' THEN prompt := NEW.to_prompt_id; ELSE prompt := NEW.prompt_id; END IF;
  IF NOT EXISTS (SELECT 1 FROM tag_moves WHERE to_prompt_id = prompt AND tag = 'prod' AND unproven)
    OR NOT EXISTS (SELECT 1 FROM prompt_transitions WHERE prompt_id = prompt AND unproven) THEN
    RAISE EXCEPTION 'a release without proof stands in both ledgers: % alone refused', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', HINT = 'Write the transition and the move of prod in one transaction.';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER unproven_in_both AFTER INSERT ON prompt_transitions DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.unproven) EXECUTE FUNCTION genepool_unproven_in_both_ledgers();
CREATE CONSTRAINT TRIGGER unproven_in_both AFTER INSERT ON tag_moves DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.unproven) EXECUTE FUNCTION genepool_unproven_in_both_ledgers();
ALTER TABLE prompt_transitions ENABLE ALWAYS TRIGGER unproven_in_both;
ALTER TABLE tag_moves ENABLE ALWAYS TRIGGER unproven_in_both;

-- A release is a decision like an approval: under the four-eyes rule somebody else than the proposers takes it.
ALTER TABLE reviews DROP CONSTRAINT reviews_four_eyes;
ALTER TABLE reviews ADD CONSTRAINT reviews_four_eyes CHECK (
  (four_eyes_required IS NULL) = (four_eyes_held IS NULL)
  AND (decision NOT IN ('approved', 'released') OR four_eyes_required IS NOT TRUE OR four_eyes_held)
);
