import { contacts } from "@/contacts";
import { customers } from "@/customers";
import { opportunities } from "@/opportunities";
import { products } from "@/products";
import type { Feature } from "@/shared/features";

/** The one list of features, in the order of the navigation. */
export const features: Feature[] = [opportunities, customers, contacts, products];
