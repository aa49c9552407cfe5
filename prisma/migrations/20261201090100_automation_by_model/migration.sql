-- Automation now goes by the model unless a person chose otherwise. The settings page used to send every setting with each
-- save, so "automatic", the former default, may be stored although nobody chose it: such a row goes. A row stays when the
-- audit trail shows that somebody switched to it, or sent it by itself, or when the trail says nothing about it.
DELETE FROM settings s
WHERE s.key = 'automation' AND s.value = '"automatic"'::jsonb
  AND EXISTS (
    SELECT 1 FROM audit_events e
    WHERE e.action = 'settings.update' AND e.subject = 'settings'
      AND e.after -> 'automation' = s.value AND e.before IS DISTINCT FROM e.after)
  AND NOT EXISTS (
    SELECT 1 FROM audit_events e
    WHERE e.action = 'settings.update' AND e.subject = 'settings' AND e.after -> 'automation' = s.value
      AND (e.before -> 'automation' IS DISTINCT FROM s.value OR e.before = e.after));
