-- Four eyes: the ledger keeps whether the rule was on and whether somebody else than the proposers decided. Rows from
-- before know neither.
ALTER TABLE "reviews" ADD COLUMN "four_eyes_required" BOOLEAN;
ALTER TABLE "reviews" ADD COLUMN "four_eyes_held" BOOLEAN;
ALTER TABLE reviews ADD CONSTRAINT reviews_four_eyes CHECK (
  (four_eyes_required IS NULL) = (four_eyes_held IS NULL)
  AND (decision <> 'approved' OR four_eyes_required IS NOT TRUE OR four_eyes_held)
);
