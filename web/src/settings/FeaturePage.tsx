import { type ComponentType, lazy } from "react";
import { Navigate, useParams } from "react-router";
import { type SettingsPage, useFeatures } from "@/shared/features";

const loaded = new Map<string, ComponentType>();

/** The same component for the same page, however often the route renders. */
function componentOf(page: SettingsPage): ComponentType {
  const known = loaded.get(page.path);
  if (known) return known;
  const Page = lazy(async () => ({ default: await page.load() }));
  loaded.set(page.path, Page);
  return Page;
}

/** A page of the settings that another feature brings along. */
export function FeaturePage() {
  const { page: path } = useParams();
  const page = useFeatures()
    .flatMap((feature) => feature.settings ?? [])
    .find((entry) => entry.path === path);
  if (!page) return <Navigate to="/settings" replace />;
  const Page = componentOf(page);
  return <Page />;
}
