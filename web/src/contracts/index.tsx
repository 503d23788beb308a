import {
  AuditOutlined,
  FileDoneOutlined,
  PayCircleOutlined,
  ProfileOutlined,
} from "@ant-design/icons";
import { lazy } from "react";
import type { Me } from "@/api/types";
import type { Feature } from "@/shared/features";
import { listPage, recordPage } from "@/shared/resource/pages";

const inputs = () => import("./inputs");
const OwnAmount = lazy(async () => ({ default: (await inputs()).OwnAmountInput }));
const PaymentAmount = lazy(async () => ({ default: (await inputs()).PaymentAmountInput }));

const may = (resource: string, action: string) => (me: Me) =>
  me.can[resource]?.includes(action) ?? false;

export const contracts: Feature = {
  name: "contracts",
  nav: [
    {
      label: "contracts:title",
      path: "/contracts",
      icon: <FileDoneOutlined />,
      section: "work",
      isVisible: may("contracts", "read"),
    },
    {
      label: "instalments:title",
      path: "/receivables",
      icon: <ProfileOutlined />,
      section: "work",
      isVisible: may("contracts", "read"),
    },
    {
      label: "payments:title",
      path: "/payments",
      icon: <PayCircleOutlined />,
      section: "work",
      isVisible: may("payments", "read"),
    },
    {
      label: "invoices:title",
      path: "/invoices",
      icon: <AuditOutlined />,
      section: "work",
      isVisible: may("invoices", "edit"),
    },
  ],
  routes: [
    listPage("contracts"),
    {
      path: "/contracts/:id",
      lazy: async () => ({ Component: (await import("./ContractPage")).ContractPage }),
    },
    {
      path: "/receivables",
      lazy: async () => ({
        Component: (await import("./receivables/ReceivablesPage")).ReceivablesPage,
      }),
    },
    listPage("instalments"),
    recordPage("instalments"),
    {
      path: "/payments/matching",
      lazy: async () => ({ Component: (await import("./matching/MatchingPage")).MatchingPage }),
    },
    {
      path: "/payments",
      lazy: async () => ({ Component: (await import("./PaymentsPage")).PaymentsPage }),
    },
    {
      path: "/payments/:id",
      lazy: async () => ({ Component: (await import("./PaymentPage")).PaymentPage }),
    },
    listPage("invoices"),
    recordPage("invoices"),
  ],
  resources: [
    {
      resource: "contracts",
      icon: <FileDoneOutlined />,
      groups: [
        {
          name: "basics",
          fields: ["title", "number", "customer_id", "opportunity_id", "owner_id"],
        },
        {
          name: "money",
          fields: ["amount", "kind", "received_amount", "invoiced_amount"],
        },
        { name: "period", fields: ["state", "signed_on", "starts_on", "ends_on"] },
        {
          name: "currency",
          fields: ["currency", "own_amount", "rate", "rate_on"],
          isRare: true,
        },
        {
          name: "outcome",
          fields: ["closed_on", "termination_reason", "is_backdated"],
          whenFilled: true,
        },
        { name: "more", fields: ["description"] },
      ],
      columns: [
        "title",
        "number",
        "customer_id",
        "state",
        "amount",
        "received_amount",
        "signed_on",
        "ends_on",
        "owner_id",
      ],
      widths: { title: 220, number: 140 },
      highlights: ["customer_id", "amount", "state"],
      inputs: { own_amount: OwnAmount },
      related: [
        {
          resource: "invoices",
          field: "contract_id",
          columns: ["amount", "issued_on", "state"],
        },
      ],
    },
    {
      resource: "instalments",
      icon: <ProfileOutlined />,
      groups: [
        {
          name: "basics",
          fields: ["contract_id", "condition", "due_on", "customer_id", "owner_id"],
        },
        {
          name: "money",
          fields: ["amount", "received_amount", "open_amount", "state", "settled_on"],
        },
        { name: "more", fields: ["promised_on", "promise_note"] },
      ],
      columns: [
        "condition",
        "customer_id",
        "contract_id",
        "due_on",
        "open_amount",
        "amount",
        "state",
        "promised_on",
        "owner_id",
      ],
      widths: { condition: 160 },
      highlights: ["customer_id", "due_on", "open_amount"],
      quickAdd: false,
      isPart: true,
    },
    {
      resource: "payments",
      icon: <PayCircleOutlined />,
      groups: [
        {
          name: "basics",
          fields: ["customer_id", "contract_id", "received_on", "amount", "payer", "method"],
        },
        {
          name: "more",
          fields: ["reference", "number", "owner_id", "matched_amount", "open_amount", "note"],
        },
        {
          name: "currency",
          fields: ["currency", "own_amount", "rate", "rate_on"],
          isRare: true,
        },
      ],
      columns: [
        "number",
        "received_on",
        "customer_id",
        "amount",
        "open_amount",
        "payer",
        "method",
        "reference",
        "owner_id",
      ],
      highlights: ["customer_id", "amount"],
      inputs: { amount: PaymentAmount, own_amount: OwnAmount },
    },
    {
      resource: "invoices",
      icon: <AuditOutlined />,
      groups: [
        { name: "basics", fields: ["number", "contract_id", "instalment_id", "kind"] },
        { name: "money", fields: ["amount", "issued_on", "state"] },
        { name: "more", fields: ["note"] },
      ],
      columns: ["number", "contract_id", "customer_id", "kind", "amount", "issued_on", "state"],
      highlights: ["contract_id", "amount", "state"],
    },
  ],
  settings: [
    {
      path: "contract_terms",
      section: "company",
      isVisible: may("settings", "configure"),
      load: async () => (await import("./Terms")).Terms,
    },
  ],
};
