-- Money is set aside here and not in one statement of the caller's: a statement sees one snapshot, and under
-- contention it judged the room by a row version that was no longer the last one. Each statement of a function
-- sees what has been committed before it begins, and the locks hold from the first to the last.
CREATE FUNCTION genepool_reserve(
  p_id uuid, p_day date, p_optimization uuid, p_work_key text, p_role text, p_amount numeric, p_billable boolean,
  p_lease_ms double precision,
  OUT day_room numeric, OUT run_room numeric, OUT reservation_id uuid
) LANGUAGE plpgsql AS $$
BEGIN
  SELECT d.cap_usd - d.reserved_usd - d.spent_usd - d.overshoot_usd INTO day_room
    FROM budget_days d WHERE d.day = p_day FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF p_optimization IS NOT NULL THEN
    SELECT o.cap_usd - o.reserved_usd - o.spent_usd - o.overshoot_usd INTO run_room
      FROM optimizations o WHERE o.id = p_optimization FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
  END IF;
  IF p_amount > day_room OR p_amount > run_room THEN RETURN; END IF;
  UPDATE budget_days d SET reserved_usd = d.reserved_usd + p_amount WHERE d.day = p_day;
  UPDATE optimizations o SET reserved_usd = o.reserved_usd + p_amount WHERE o.id = p_optimization;
  INSERT INTO budget_reservations
    (id, day, optimization_id, work_key, open_work_key, role, amount_usd, state, billable, lease_until)
    VALUES (p_id, p_day, p_optimization, p_work_key, p_work_key, p_role, p_amount, 'reserved', p_billable,
      now() + p_lease_ms * interval '1 millisecond');
  reservation_id := p_id;
END
$$;
