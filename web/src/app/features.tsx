import { activities } from "@/activities";
import { calendar } from "@/calendar";
import { contacts } from "@/contacts";
import { contracts } from "@/contracts";
import { customers } from "@/customers";
import { dashboard } from "@/dashboard";
import { imports } from "@/imports";
import { metrics } from "@/metrics";
import { opportunities } from "@/opportunities";
import { organisation } from "@/organisation";
import { products } from "@/products";
import { settings } from "@/settings";
import type { Feature } from "@/shared/features";
import { today } from "@/today";
import { waiting } from "@/waiting";

/** The one list of features, in the order of the navigation. */
export const features: Feature[] = [
  today,
  activities,
  calendar,
  customers,
  contacts,
  opportunities,
  contracts,
  dashboard,
  products,
  metrics,
  organisation,
  imports,
  settings,
  waiting,
];
