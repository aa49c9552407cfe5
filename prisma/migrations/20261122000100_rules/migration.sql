-- What the database itself refuses, whoever asks: ALWAYS triggers fire for owners and superusers too, and also when
-- session_replication_role is set to replica.

CREATE FUNCTION genepool_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Write a new row instead.';
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['prompts', 'prompt_parents', 'prompt_transitions', 'tag_moves', 'reviews', 'audit_events'] LOOP
    EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change()', name);
    EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_change', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_truncate', name);
  END LOOP;
END
$$;

-- Trials and model replies are evidence: written once, read for ever.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['trials', 'llm_calls'] LOOP
    EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION genepool_refuse_change()', name);
    EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION genepool_refuse_change()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_change', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_truncate', name);
  END LOOP;
END
$$;

-- A benchmark's content is immutable; only its retirement may be written, once.
CREATE FUNCTION genepool_benchmark_content_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'retired_at') IS DISTINCT FROM (to_jsonb(OLD) - 'retired_at') THEN
    RAISE EXCEPTION 'benchmarks are immutable: UPDATE refused'
      USING ERRCODE = 'restrict_violation', HINT = 'Import the changed benchmark as a new row.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER content_is_immutable BEFORE UPDATE ON benchmarks FOR EACH ROW EXECUTE FUNCTION genepool_benchmark_content_is_immutable();

-- ── Lifecycle ────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE prompt_transitions ADD CONSTRAINT prompt_transitions_allowed CHECK (
  (from_status IS NULL AND to_status = 'draft')
  OR (from_status, to_status) IN (
    ('draft', 'experimental'), ('draft', 'archived'),
    ('experimental', 'candidate'), ('experimental', 'archived'),
    ('candidate', 'production'), ('candidate', 'experimental'), ('candidate', 'archived'),
    ('production', 'archived'),
    ('archived', 'production')
  )
);

CREATE FUNCTION genepool_apply_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  current_status text;
  agent text;
BEGIN
  -- The prompt's row lock makes transitions of one prompt strictly serial.
  SELECT agent_type INTO agent FROM prompts WHERE id = NEW.prompt_id FOR UPDATE;
  SELECT status INTO current_status FROM prompt_statuses WHERE prompt_id = NEW.prompt_id;
  IF current_status IS DISTINCT FROM NEW.from_status THEN
    RAISE EXCEPTION 'prompt % is %, not %', NEW.prompt_id, coalesce(current_status, 'new'), coalesce(NEW.from_status, 'new')
      USING ERRCODE = 'serialization_failure', CONSTRAINT = 'prompt_transitions_from_current';
  END IF;
  INSERT INTO prompt_statuses (prompt_id, agent_type, status, since) VALUES (NEW.prompt_id, agent, NEW.to_status, NEW.at)
    ON CONFLICT (prompt_id) DO UPDATE SET status = excluded.status, since = excluded.since;
  RETURN NEW;
END
$$;
CREATE TRIGGER apply_transition BEFORE INSERT ON prompt_transitions FOR EACH ROW EXECUTE FUNCTION genepool_apply_transition();
ALTER TABLE prompt_transitions ENABLE ALWAYS TRIGGER apply_transition;

-- ── Tags ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- A tag's generation grows by one with each move, so compare-and-swap on it never repeats.
CREATE FUNCTION genepool_tag_generation_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.generation <> OLD.generation + 1 THEN
    RAISE EXCEPTION 'a tag moves one generation at a time' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.generation <> 1 THEN
    RAISE EXCEPTION 'a tag starts at generation 1' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM pg_notify('genepool_tags', NEW.agent_type || ' ' || NEW.tag);
  RETURN NEW;
END
$$;
CREATE TRIGGER generation_grows BEFORE INSERT OR UPDATE ON prompt_tags FOR EACH ROW EXECUTE FUNCTION genepool_tag_generation_grows();
ALTER TABLE prompt_tags ENABLE ALWAYS TRIGGER generation_grows;

-- ── Money ────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE budget_days ADD CONSTRAINT budget_days_within_cap
  CHECK (reserved_usd >= 0 AND spent_usd >= 0 AND cap_usd >= 0 AND reserved_usd + spent_usd <= cap_usd);
ALTER TABLE optimizations ADD CONSTRAINT optimizations_within_cap
  CHECK (reserved_usd >= 0 AND spent_usd >= 0 AND cap_usd >= 0 AND reserved_usd + spent_usd <= cap_usd);
ALTER TABLE budget_reservations ADD CONSTRAINT budget_reservations_amounts
  CHECK (amount_usd >= 0 AND (settled_usd IS NULL OR settled_usd >= 0) AND state IN ('reserved', 'settled', 'released', 'expired'));
ALTER TABLE budget_reservations ADD CONSTRAINT budget_reservations_open_work
  CHECK ((state = 'reserved') = (open_work_key IS NOT NULL));

-- ── Ranges ───────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE journal_runs ADD CONSTRAINT journal_runs_ranges
  CHECK (outcome IN ('success', 'failure') AND cost_usd >= 0 AND input_tokens >= 0 AND output_tokens >= 0 AND latency_ms >= 0);
ALTER TABLE trials ADD CONSTRAINT trials_ranges
  CHECK (outcome IN ('success', 'failure') AND score BETWEEN 0 AND 1 AND cost_usd >= 0 AND latency_ms >= 0 AND repeat >= 0);
ALTER TABLE experiments ADD CONSTRAINT experiments_status
  CHECK (status IN ('queued', 'running', 'finished', 'stopped', 'failed'));
ALTER TABLE optimizations ADD CONSTRAINT optimizations_state
  CHECK (state IN ('queued', 'running', 'stopping', 'stopped', 'finished', 'failed'));
ALTER TABLE users ADD CONSTRAINT users_role CHECK (role IN ('viewer', 'engineer', 'admin'));

-- A queued optimization wakes the optimizer at once; its poll remains the rule.
CREATE FUNCTION genepool_notify_optimization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('genepool_optimizations', NEW.id::text);
  RETURN NEW;
END
$$;
CREATE TRIGGER notify_optimization AFTER INSERT OR UPDATE OF state, stop_requested_at ON optimizations
  FOR EACH ROW EXECUTE FUNCTION genepool_notify_optimization();
