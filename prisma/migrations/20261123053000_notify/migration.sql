-- Servers answer controllers from memory: what they keep there must hear of every change that it shows. Tags tell of
-- their moves already (genepool_tags, trigger generation_grows); a notification goes out with the commit, never before.

-- The status of a prompt that a tag points at. Others are not in any snapshot, and a search makes thousands of them.
CREATE FUNCTION genepool_tell_of_tagged_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('genepool_tags', held.agent_type || ' ' || held.tag)
  FROM prompt_tags held WHERE held.prompt_id = NEW.prompt_id;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_of_tagged_status AFTER INSERT OR UPDATE ON prompt_statuses
  FOR EACH ROW EXECUTE FUNCTION genepool_tell_of_tagged_status();

-- What a key may do. Its last use is noted every minute and changes nothing.
CREATE FUNCTION genepool_tell_of_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('genepool_keys', OLD.prefix);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_of_key_change AFTER UPDATE ON api_keys FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'last_used_at' IS DISTINCT FROM to_jsonb(NEW) - 'last_used_at')
  EXECUTE FUNCTION genepool_tell_of_key();
CREATE TRIGGER tell_of_key_removal AFTER DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION genepool_tell_of_key();
