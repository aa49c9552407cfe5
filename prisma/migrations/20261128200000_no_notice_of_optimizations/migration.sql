-- Nothing listens: the optimizer finds its work by looking, and orders to the loops are rows of their own.
DROP TRIGGER notify_optimization ON optimizations;
DROP FUNCTION genepool_notify_optimization();
