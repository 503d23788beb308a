import {
  CalendarOutlined,
  CheckSquareOutlined,
  EnvironmentOutlined,
  FormOutlined,
  PhoneOutlined,
} from "@ant-design/icons";
import { lazy } from "react";
import type { Me } from "@/api/types";
import type { Feature } from "@/shared/features";
import { listPage, recordPage } from "@/shared/resource/pages";
import { piece } from "@/shared/ui/piece";

const form = () => import("./form/ActivityForm");
const parts = () => import("./record/parts");
const may = (resource: string, action: string) => (me: Me) =>
  me.can[resource]?.includes(action) ?? false;

/** What the person has still to do, as a query carries it. */
const openOf = (me: Me) =>
  JSON.stringify({
    and: [
      { field: "owner_id", op: "in", value: [me.person.id] },
      { field: "state", op: "in", value: ["planned", "moved"] },
    ],
  });

export const activities: Feature = {
  name: "activities",
  nav: [
    {
      label: "activities:title",
      path: "/activities",
      icon: <FormOutlined />,
      section: "work",
      isVisible: may("activities", "read"),
    },
    {
      label: "activities:tasks.title",
      path: "/tasks",
      icon: <CheckSquareOutlined />,
      section: "work",
      isVisible: may("activities", "read"),
      preload: () => import("./tasks/TasksPage"),
    },
  ],
  offline: {
    paths: ["activities", "activity_kinds", "visit_templates"],
    ahead: (me) => [
      { path: "/activity_kinds", query: { sort: "position", page_size: 200 } },
      { path: "/visit_templates/current" },
      { path: "/activities", query: { filter: openOf(me), sort: "happens_at" } },
    ],
  },
  routes: [
    listPage("activities"),
    {
      path: "/activities/:id",
      lazy: async () => ({ Component: (await import("./record/ActivityPage")).ActivityPage }),
    },
    {
      path: "/tasks",
      lazy: async () => ({ Component: (await import("./tasks/TasksPage")).TasksPage }),
    },
    listPage("visit_answers"),
    recordPage("visit_answers"),
  ],
  resources: [
    {
      resource: "activities",
      icon: <FormOutlined />,
      groups: [
        {
          name: "basics",
          fields: [
            "subject",
            "kind_id",
            "state",
            "customer_id",
            "contact_ids",
            "opportunity_id",
            "owner_id",
            "participant_ids",
          ],
        },
        { name: "plan", fields: ["due_on", "priority", "giver_id", "preparation"] },
        {
          name: "result",
          fields: [
            "outcome",
            "intention_reached",
            "appointment_got",
            "is_refused",
            "refusal_reason",
            "needs_found",
            "competitor",
            "analysis",
          ],
          whenFilled: true,
        },
      ],
      columns: [
        "subject",
        "kind_id",
        "customer_id",
        "state",
        "happens_at",
        "outcome",
        "purpose",
        "owner_id",
      ],
      widths: { subject: 220, kind_id: 90, customer_id: 180, state: 96, outcome: 96, purpose: 190 },
      highlights: ["kind_id", "state", "customer_id", "owner_id"],
      quickAdds: [
        {
          key: "visit",
          label: "activities:quick.visit",
          icon: <EnvironmentOutlined />,
          initial: { state: "done", family: "visit" },
        },
        {
          key: "call",
          label: "activities:quick.call",
          icon: <PhoneOutlined />,
          initial: { state: "done", family: "call" },
        },
        {
          key: "plan",
          label: "activities:quick.plan",
          icon: <CalendarOutlined />,
          initial: { family: "visit" },
        },
        {
          key: "task",
          label: "activities:quick.task",
          icon: <CheckSquareOutlined />,
          initial: { family: "task" },
        },
      ],
      linkedTo: {
        customers: (row) => ({ customer_id: row.id }),
        contacts: (row) => ({ customer_id: row.customer_id, contact_ids: [row.id] }),
        opportunities: (row) => ({ customer_id: row.customer_id, opportunity_id: row.id }),
        contracts: (row) => ({ customer_id: row.customer_id, opportunity_id: row.opportunity_id }),
      },
      parts: {
        answers: lazy(async () => ({ default: (await parts()).AnswersPart })),
        checklist: lazy(async () => ({ default: (await parts()).ChecklistPart })),
        follow_up: lazy(async () => ({ default: (await parts()).NextPart })),
      },
      beside: { device_at: "started_at", template_version_id: "answers" },
      deletion: (row) => (row.series_id ? "activities.delete" : undefined),
      Form: lazy(async () => ({ default: (await form()).ActivityForm })),
      Line: piece(async () => {
        const { ActivityLine, readKinds } = await import("./ActivityLine");
        await readKinds();
        return ActivityLine;
      }),
    },
    {
      resource: "visit_answers",
      icon: <FormOutlined />,
      groups: [],
      columns: [
        "done_on",
        "step_name",
        "answer_text",
        "answer_bool",
        "answer_number",
        "competitor",
        "price",
        "product_ids",
        "customer_id",
        "region",
        "template_id",
      ],
      highlights: ["answer_text", "competitor", "price", "customer_id", "done_on"],
      quickAdd: false,
    },
  ],
  dialogs: {
    "activities.log": lazy(async () => ({ default: (await form()).LogDialog })),
    "activities.check_in": lazy(async () => ({
      default: (await import("./check_in/CheckInDialog")).CheckInDialog,
    })),
    "activities.cancel": lazy(async () => ({
      default: (await import("./CancelDialog")).CancelDialog,
    })),
    "activities.delete": lazy(async () => ({
      default: (await import("./DeleteDialog")).DeleteDialog,
    })),
    "activities.move": lazy(async () => ({ default: (await import("./MoveDialog")).MoveDialog })),
  },
  settings: [
    {
      path: "activity_kinds",
      section: "company",
      isVisible: may("activity_kinds", "edit"),
      load: async () => (await import("./settings/ActivityKinds")).ActivityKinds,
    },
    {
      path: "visit_templates",
      section: "company",
      isVisible: may("visit_templates", "edit"),
      load: async () => (await import("./settings/VisitTemplates")).VisitTemplates,
    },
    {
      path: "day_rules",
      section: "company",
      isVisible: may("settings", "configure"),
      load: async () => (await import("./settings/DayRules")).DayRules,
    },
  ],
  timeline: {
    activity: lazy(async () => ({ default: (await import("./ActivityEntry")).ActivityEntry })),
  },
};
