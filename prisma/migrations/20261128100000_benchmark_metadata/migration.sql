-- What a suite's lines carry for the agents that run them: foreign agents are told it, graders and the search are not.
ALTER TABLE benchmarks ADD COLUMN metadata JSONB NOT NULL DEFAULT '{}';
