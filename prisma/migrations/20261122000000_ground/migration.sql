-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "agent_types" (
    "name" TEXT NOT NULL,
    "system" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "required_variables" TEXT[],
    "protected_texts" TEXT[],
    "allowed_tools" TEXT[],
    "default_model" TEXT NOT NULL,
    "parameter_bounds" JSONB NOT NULL,
    "thresholds" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_types_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "prompts" (
    "id" UUID NOT NULL,
    "agent_type" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "version_major" INTEGER NOT NULL,
    "version_minor" INTEGER NOT NULL,
    "version_patch" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "tools" TEXT[],
    "content_hash" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "message" TEXT NOT NULL,

    CONSTRAINT "prompts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompt_parents" (
    "child_id" UUID NOT NULL,
    "parent_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "operator" TEXT NOT NULL,
    "operator_arguments" JSONB NOT NULL,
    "optimization_id" UUID,
    "experiment_id" UUID,
    "generation" INTEGER,

    CONSTRAINT "prompt_parents_pkey" PRIMARY KEY ("child_id","position")
);

-- CreateTable
CREATE TABLE "prompt_transitions" (
    "id" BIGSERIAL NOT NULL,
    "prompt_id" UUID NOT NULL,
    "from_status" TEXT,
    "to_status" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prompt_transitions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompt_statuses" (
    "prompt_id" UUID NOT NULL,
    "agent_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prompt_statuses_pkey" PRIMARY KEY ("prompt_id")
);

-- CreateTable
CREATE TABLE "prompt_tags" (
    "agent_type" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "prompt_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prompt_tags_pkey" PRIMARY KEY ("agent_type","tag")
);

-- CreateTable
CREATE TABLE "tag_moves" (
    "id" BIGSERIAL NOT NULL,
    "agent_type" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "from_prompt_id" UUID,
    "to_prompt_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "evidence_digest" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tag_moves_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reviews" (
    "id" UUID NOT NULL,
    "prompt_id" UUID NOT NULL,
    "decision" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "reviewer" TEXT NOT NULL,
    "evidence_digest" TEXT NOT NULL,
    "prod_generation" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "benchmarks" (
    "id" UUID NOT NULL,
    "suite" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "family" TEXT,
    "input" TEXT NOT NULL,
    "expected" TEXT,
    "labels" TEXT[],
    "grader" JSONB NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "content_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "benchmarks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_runs" (
    "run_id" TEXT NOT NULL,
    "trace_id" TEXT,
    "agent_type" TEXT NOT NULL,
    "prompt_id" UUID,
    "benchmark_id" UUID,
    "outcome" TEXT NOT NULL,
    "cost_usd" DOUBLE PRECISION NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "model" TEXT,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "source" TEXT NOT NULL,
    "error_signature" TEXT,
    "failure" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_runs_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "journal_steps" (
    "run_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "agent_type" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "tool_name" TEXT,
    "data" JSONB,

    CONSTRAINT "journal_steps_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateTable
CREATE TABLE "journal_hours" (
    "agent_type" TEXT NOT NULL,
    "prompt_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "runs" INTEGER NOT NULL,
    "successes" INTEGER NOT NULL,
    "cost_usd" DOUBLE PRECISION NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "simulated_runs" INTEGER NOT NULL,

    CONSTRAINT "journal_hours_pkey" PRIMARY KEY ("agent_type","hour","prompt_id")
);

-- CreateTable
CREATE TABLE "optimizations" (
    "id" UUID NOT NULL,
    "agent_type" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "config" JSONB NOT NULL,
    "config_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "incumbent_id" UUID NOT NULL,
    "companions" JSONB NOT NULL,
    "step" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "trials_planned" INTEGER NOT NULL DEFAULT 0,
    "trials_done" INTEGER NOT NULL DEFAULT 0,
    "cap_usd" DECIMAL(18,9) NOT NULL,
    "reserved_usd" DECIMAL(18,9) NOT NULL DEFAULT 0,
    "spent_usd" DECIMAL(18,9) NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "stop_requested_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "failure" TEXT,
    "result" JSONB,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "optimizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "optimization_steps" (
    "optimization_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "output" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "optimization_steps_pkey" PRIMARY KEY ("optimization_id","generation","step")
);

-- CreateTable
CREATE TABLE "generations" (
    "optimization_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "hypervolume" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "generations_pkey" PRIMARY KEY ("optimization_id","number")
);

-- CreateTable
CREATE TABLE "individuals" (
    "optimization_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL,
    "prompt_id" UUID NOT NULL,
    "success_rate" DOUBLE PRECISION NOT NULL,
    "cost_usd" DOUBLE PRECISION NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "trials" INTEGER NOT NULL,
    "successes" INTEGER NOT NULL,
    "constraint_violation" DOUBLE PRECISION NOT NULL,
    "rank" INTEGER NOT NULL,
    "crowding_distance" DOUBLE PRECISION,
    "survived" BOOLEAN NOT NULL,

    CONSTRAINT "individuals_pkey" PRIMARY KEY ("optimization_id","generation","prompt_id")
);

-- CreateTable
CREATE TABLE "insights" (
    "id" UUID NOT NULL,
    "optimization_id" UUID NOT NULL,
    "agent_type" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "share" DOUBLE PRECISION NOT NULL,
    "failed_runs" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "insights_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "experiments" (
    "id" UUID NOT NULL,
    "optimization_id" UUID,
    "generation" INTEGER,
    "kind" TEXT NOT NULL,
    "agent_type" TEXT NOT NULL,
    "prompt_id" UUID NOT NULL,
    "baseline_prompt_id" UUID,
    "benchmark_ids" UUID[],
    "control_ids" UUID[],
    "repeats" INTEGER NOT NULL,
    "repeat_offset" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL,
    "results" JSONB,
    "verdict" JSONB,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "experiments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trials" (
    "evaluation_key" TEXT NOT NULL,
    "experiment_id" UUID,
    "optimization_id" UUID,
    "agent_type" TEXT NOT NULL,
    "prompt_id" UUID NOT NULL,
    "benchmark_id" UUID NOT NULL,
    "arm" TEXT NOT NULL,
    "run_seed" BIGINT NOT NULL,
    "repeat" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "cost_usd" DOUBLE PRECISION NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "failure" JSONB,
    "trace" JSONB NOT NULL,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trials_pkey" PRIMARY KEY ("evaluation_key")
);

-- CreateTable
CREATE TABLE "llm_calls" (
    "call_key" TEXT NOT NULL,
    "optimization_id" UUID,
    "role" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost_usd" DOUBLE PRECISION NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "reply" JSONB NOT NULL,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_calls_pkey" PRIMARY KEY ("call_key")
);

-- CreateTable
CREATE TABLE "budget_days" (
    "day" DATE NOT NULL,
    "cap_usd" DECIMAL(18,9) NOT NULL,
    "reserved_usd" DECIMAL(18,9) NOT NULL DEFAULT 0,
    "spent_usd" DECIMAL(18,9) NOT NULL DEFAULT 0,

    CONSTRAINT "budget_days_pkey" PRIMARY KEY ("day")
);

-- CreateTable
CREATE TABLE "budget_reservations" (
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "optimization_id" UUID,
    "work_key" TEXT NOT NULL,
    "open_work_key" TEXT,
    "role" TEXT NOT NULL,
    "amount_usd" DECIMAL(18,9) NOT NULL,
    "settled_usd" DECIMAL(18,9),
    "state" TEXT NOT NULL,
    "billable" BOOLEAN NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "budget_reservations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT,
    "session_version" INTEGER NOT NULL DEFAULT 0,
    "failed_logins" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "agent_types" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "prompts_agent_type_version_major_version_minor_version_patc_idx" ON "prompts"("agent_type", "version_major", "version_minor", "version_patch");

-- CreateIndex
CREATE INDEX "prompts_agent_type_created_at_idx" ON "prompts"("agent_type", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "prompts_agent_type_version_key" ON "prompts"("agent_type", "version");

-- CreateIndex
CREATE UNIQUE INDEX "prompts_agent_type_content_hash_key" ON "prompts"("agent_type", "content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "prompts_agent_type_id_key" ON "prompts"("agent_type", "id");

-- CreateIndex
CREATE INDEX "prompt_parents_parent_id_idx" ON "prompt_parents"("parent_id");

-- CreateIndex
CREATE INDEX "prompt_transitions_prompt_id_id_idx" ON "prompt_transitions"("prompt_id", "id");

-- CreateIndex
CREATE INDEX "prompt_statuses_agent_type_status_idx" ON "prompt_statuses"("agent_type", "status");

-- CreateIndex
CREATE INDEX "prompt_statuses_status_since_idx" ON "prompt_statuses"("status", "since");

-- CreateIndex
CREATE INDEX "prompt_tags_prompt_id_idx" ON "prompt_tags"("prompt_id");

-- CreateIndex
CREATE INDEX "tag_moves_agent_type_at_idx" ON "tag_moves"("agent_type", "at");

-- CreateIndex
CREATE UNIQUE INDEX "tag_moves_agent_type_tag_generation_key" ON "tag_moves"("agent_type", "tag", "generation");

-- CreateIndex
CREATE INDEX "reviews_prompt_id_at_idx" ON "reviews"("prompt_id", "at");

-- CreateIndex
CREATE INDEX "benchmarks_suite_retired_at_external_id_idx" ON "benchmarks"("suite", "retired_at", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "benchmarks_suite_content_hash_key" ON "benchmarks"("suite", "content_hash");

-- CreateIndex
CREATE INDEX "journal_runs_agent_type_started_at_run_id_idx" ON "journal_runs"("agent_type", "started_at" DESC, "run_id");

-- CreateIndex
CREATE INDEX "journal_runs_agent_type_outcome_started_at_idx" ON "journal_runs"("agent_type", "outcome", "started_at" DESC);

-- CreateIndex
CREATE INDEX "journal_runs_prompt_id_started_at_idx" ON "journal_runs"("prompt_id", "started_at");

-- CreateIndex
CREATE INDEX "journal_runs_trace_id_idx" ON "journal_runs"("trace_id");

-- CreateIndex
CREATE INDEX "optimizations_state_lease_until_idx" ON "optimizations"("state", "lease_until");

-- CreateIndex
CREATE INDEX "optimizations_agent_type_created_at_idx" ON "optimizations"("agent_type", "created_at" DESC);

-- CreateIndex
CREATE INDEX "individuals_prompt_id_idx" ON "individuals"("prompt_id");

-- CreateIndex
CREATE INDEX "insights_optimization_id_idx" ON "insights"("optimization_id");

-- CreateIndex
CREATE INDEX "insights_agent_type_created_at_idx" ON "insights"("agent_type", "created_at" DESC);

-- CreateIndex
CREATE INDEX "experiments_optimization_id_generation_idx" ON "experiments"("optimization_id", "generation");

-- CreateIndex
CREATE INDEX "experiments_prompt_id_kind_idx" ON "experiments"("prompt_id", "kind");

-- CreateIndex
CREATE INDEX "experiments_created_at_idx" ON "experiments"("created_at");

-- CreateIndex
CREATE INDEX "trials_experiment_id_idx" ON "trials"("experiment_id");

-- CreateIndex
CREATE INDEX "trials_prompt_id_run_seed_repeat_idx" ON "trials"("prompt_id", "run_seed", "repeat");

-- CreateIndex
CREATE INDEX "trials_optimization_id_idx" ON "trials"("optimization_id");

-- CreateIndex
CREATE INDEX "llm_calls_optimization_id_role_idx" ON "llm_calls"("optimization_id", "role");

-- CreateIndex
CREATE UNIQUE INDEX "budget_reservations_open_work_key_key" ON "budget_reservations"("open_work_key");

-- CreateIndex
CREATE INDEX "budget_reservations_state_lease_until_idx" ON "budget_reservations"("state", "lease_until");

-- CreateIndex
CREATE INDEX "budget_reservations_optimization_id_state_idx" ON "budget_reservations"("optimization_id", "state");

-- CreateIndex
CREATE INDEX "budget_reservations_work_key_idx" ON "budget_reservations"("work_key");

-- CreateIndex
CREATE UNIQUE INDEX "users_name_key" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_prefix_key" ON "api_keys"("prefix");

-- CreateIndex
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");

-- CreateIndex
CREATE INDEX "audit_events_subject_at_idx" ON "audit_events"("subject", "at");

-- CreateIndex
CREATE INDEX "outbox_delivered_at_id_idx" ON "outbox"("delivered_at", "id");

-- AddForeignKey
ALTER TABLE "prompts" ADD CONSTRAINT "prompts_agent_type_fkey" FOREIGN KEY ("agent_type") REFERENCES "agent_types"("name") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prompt_parents" ADD CONSTRAINT "prompt_parents_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prompt_parents" ADD CONSTRAINT "prompt_parents_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prompt_transitions" ADD CONSTRAINT "prompt_transitions_prompt_id_fkey" FOREIGN KEY ("prompt_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prompt_statuses" ADD CONSTRAINT "prompt_statuses_prompt_id_fkey" FOREIGN KEY ("prompt_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prompt_tags" ADD CONSTRAINT "prompt_tags_agent_type_prompt_id_fkey" FOREIGN KEY ("agent_type", "prompt_id") REFERENCES "prompts"("agent_type", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_prompt_id_fkey" FOREIGN KEY ("prompt_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "journal_steps" ADD CONSTRAINT "journal_steps_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "journal_runs"("run_id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "optimizations" ADD CONSTRAINT "optimizations_agent_type_fkey" FOREIGN KEY ("agent_type") REFERENCES "agent_types"("name") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "optimization_steps" ADD CONSTRAINT "optimization_steps_optimization_id_fkey" FOREIGN KEY ("optimization_id") REFERENCES "optimizations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "generations" ADD CONSTRAINT "generations_optimization_id_fkey" FOREIGN KEY ("optimization_id") REFERENCES "optimizations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "individuals" ADD CONSTRAINT "individuals_optimization_id_generation_fkey" FOREIGN KEY ("optimization_id", "generation") REFERENCES "generations"("optimization_id", "number") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "individuals" ADD CONSTRAINT "individuals_prompt_id_fkey" FOREIGN KEY ("prompt_id") REFERENCES "prompts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "insights" ADD CONSTRAINT "insights_optimization_id_fkey" FOREIGN KEY ("optimization_id") REFERENCES "optimizations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_optimization_id_fkey" FOREIGN KEY ("optimization_id") REFERENCES "optimizations"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "trials" ADD CONSTRAINT "trials_benchmark_id_fkey" FOREIGN KEY ("benchmark_id") REFERENCES "benchmarks"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
