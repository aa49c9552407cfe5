import type { Metadata } from "next";
import { OptimizationPage } from "#components/optimizations/optimization-page.tsx";

export const metadata: Metadata = { title: "Optimization" };

export default async function LiveOptimizationPage({
  params,
}: {
  params: Promise<{ optimizationId: string }>;
}) {
  const { optimizationId } = await params;
  return <OptimizationPage optimizationId={optimizationId} />;
}
