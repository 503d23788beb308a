import type { RouteObject } from "react-router";
import { listPath, recordPath } from "@/shared/features";

/** The route of a resource's list, built from its description alone. */
export function listPage(resource: string): RouteObject {
  return {
    path: listPath(resource),
    lazy: async () => {
      const { ResourceList } = await import("./ResourceList");
      return { element: <ResourceList key={resource} resource={resource} /> };
    },
  };
}

/** The route of a resource's record page, built from its description alone. */
export function recordPage(resource: string): RouteObject {
  return {
    path: recordPath(resource, ":id"),
    lazy: async () => {
      const { RecordPage } = await import("./RecordPage");
      return { element: <RecordPage resource={resource} /> };
    },
  };
}
