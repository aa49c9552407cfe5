import type { Metadata } from "next";
import { OptimizationsPage } from "#components/optimizations/optimizations-page.tsx";

export const metadata: Metadata = { title: "Optimizations" };

export default function OptimizationListPage() {
  return <OptimizationsPage />;
}
