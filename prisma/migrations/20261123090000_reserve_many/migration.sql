-- As genepool_reserve, for many pieces of work of one run at once: the rows of the day and of the run are locked once,
-- and each piece is judged in its order. p_run_limit is an absolute amount that the run may have spent and set aside;
-- it holds whatever process asks. Work whose result another process has stored meanwhile is "stored" and costs nothing.
CREATE FUNCTION genepool_reserve_many(
  p_ids uuid[], p_day date, p_optimization uuid, p_work_keys text[], p_role text, p_amounts numeric[],
  p_billable boolean, p_lease_ms double precision, p_run_limit numeric
) RETURNS TABLE (work_key text, verdict text) LANGUAGE plpgsql AS $$
DECLARE
  day_room numeric;
  run_room numeric;
  limit_room numeric;
  charged numeric := 0;
  taken integer;
BEGIN
  SELECT d.cap_usd - d.reserved_usd - d.spent_usd - d.overshoot_usd INTO day_room
    FROM budget_days d WHERE d.day = p_day FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT k, 'no-day' FROM unnest(p_work_keys) k;
    RETURN;
  END IF;
  SELECT o.cap_usd - o.reserved_usd - o.spent_usd - o.overshoot_usd,
      p_run_limit - o.reserved_usd - o.spent_usd - o.overshoot_usd INTO run_room, limit_room
    FROM optimizations o WHERE o.id = p_optimization FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT k, 'no-run' FROM unnest(p_work_keys) k;
    RETURN;
  END IF;
  FOR i IN 1 .. array_length(p_ids, 1) LOOP
    work_key := p_work_keys[i];
    IF EXISTS (SELECT 1 FROM trials t WHERE t.evaluation_key = p_work_keys[i]) THEN
      verdict := 'stored';
    ELSIF charged + p_amounts[i] > day_room THEN
      verdict := 'day-cap';
    ELSIF charged + p_amounts[i] > run_room THEN
      verdict := 'run-cap';
    ELSIF limit_room IS NOT NULL AND charged + p_amounts[i] > limit_room THEN
      verdict := 'money-kept';
    ELSE
      INSERT INTO budget_reservations
        (id, day, optimization_id, work_key, open_work_key, role, amount_usd, state, billable, lease_until)
        VALUES (p_ids[i], p_day, p_optimization, work_key, work_key, p_role, p_amounts[i], 'reserved', p_billable,
          now() + p_lease_ms * interval '1 millisecond')
        ON CONFLICT (open_work_key) DO NOTHING;
      GET DIAGNOSTICS taken = ROW_COUNT;
      verdict := CASE taken WHEN 1 THEN 'reserved' ELSE 'conflict' END;
      charged := charged + taken * p_amounts[i];
    END IF;
    RETURN NEXT;
  END LOOP;
  UPDATE budget_days d SET reserved_usd = d.reserved_usd + charged WHERE d.day = p_day;
  UPDATE optimizations o SET reserved_usd = o.reserved_usd + charged WHERE o.id = p_optimization;
END
$$;
