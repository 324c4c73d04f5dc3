import type { Business, Manager, PlacedCategory, ServiceArea } from "./businesses.ts";
import type { Seed } from "./model.ts";
import type { Person, RoleGrant } from "./people.ts";
import type { Response, Review } from "./reviews.ts";
import { type Column, id, ID_PREFIXES, idExpression, insert } from "./sql.ts";

const HEAD = `\
-- Written by scripts/seed.ts; edit scripts/seed/ and run \`npm run seed\`, never this file.
-- Invented people and businesses in real cities, for local databases only: every user has the
-- password password123. A second run changes nothing.

begin;`;

/**
 * A database counts as local when something that no hosted project has says so. Where nothing does,
 * the answer is no: the users below hold every role, and their password is public.
 */
const GUARD = `\
do $$
declare
  strangers bigint;
begin
  if not (
    -- whoever opens the session says so
    coalesce(current_setting('plinth.environment', true), '') in ('local', 'test')
    -- \`supabase start\`, whose tokens are signed with a secret that every installation shares
    or coalesce(current_setting('app.settings.jwt_secret', true), '')
      like 'super-secret-jwt-token-%'
    -- \`npm start\` and \`npm test\`: the login of their API, on a server for this machine only
    or (
      current_setting('listen_addresses') in ('', 'localhost', '127.0.0.1', '::1')
      and exists (select 1 from pg_catalog.pg_roles where rolname = 'lite_server')
    )
  ) then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = 'The seed is for local databases, and nothing marks this database as local.',
      detail = 'It creates users of every role, all with one password that anyone can read.',
      hint = 'Push without --include-seed. For a throw-away database of your own: '
        'PGOPTIONS="-c plinth.environment=local".';
  end if;

  select count(*) into strangers from auth.users;
  if strangers > 0 and not exists (
    select 1 from auth.users where users.id = '${id("user", 1)}'
  ) then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = format(
        'The seed has never run here, and the database has users (%s): nothing is written.',
        strangers
      ),
      hint = 'Seed a fresh database: npm run reset, or supabase db reset.';
  end if;
end;
$$;`;

const TAIL = `\
-- Jobs bring these up to date by and by; a fresh database has them right at once.
select directory_internal.fold_category_counts();
select directory_internal.recount_vocabulary();

analyze private.user_roles;
analyze directory.categories;
analyze directory.businesses;
analyze directory.business_categories;
analyze directory.business_managers;
analyze directory.business_reviews;
analyze directory.business_review_responses;
analyze directory.business_stats;
analyze directory.review_flags;
analyze directory.review_vote_counts;
analyze directory.review_votes;
analyze directory.listings;
analyze directory.service_areas;
analyze directory_internal.business_private;
analyze directory_internal.business_review_moderation;
analyze directory_internal.documents;
analyze directory_internal.review_queue;
analyze directory_internal.vocabulary;
analyze directory_internal.vocabulary_deletes;

commit;`;

/** Publication is listed as hours after creation. */
const PUBLISHED = "entry.created_at::timestamptz + entry.published_at::int * interval '1 hour'";

/** Identities are numbered like their users, in a range of their own. */
const IDENTITY_PREFIX = "a1000000";

/** GoTrue signs in by an identity; every user of the seed has the one of their e-mail address. */
const IDENTITIES = `\
insert into auth.identities (
  id, provider, provider_id, user_id, identity_data, created_at, updated_at
)
select
  ('${IDENTITY_PREFIX}' || substr(users.id::text, 9))::uuid,
  'email',
  users.id::text,
  users.id,
  jsonb_build_object(
    'sub', users.id, 'email', users.email, 'email_verified', true, 'phone_verified', false
  ),
  users.created_at,
  users.created_at
from auth.users
where users.id::text like '${ID_PREFIXES.user}-0000-4000-8000-%'
on conflict (provider_id, provider) do nothing;`;

/** The whole of supabase/seed.sql. */
export function render(seed: Seed): string {
  const statements = [
    HEAD,
    GUARD,
    ...users(seed.people.all),
    IDENTITIES,
    ...roles(seed.people.grants),
    ...categories(seed.categories),
    ...businesses(seed.businesses),
    ...privateParts(seed.businesses),
    ...furtherCategories(seed.businesses),
    ...managers(seed.businesses),
    ...serviceAreas(seed.businesses),
    ...reviews(seed.reviews),
    ...moderation(seed.reviews, seed.people.moderator),
    ...flags(seed.reviews),
    ...votes(seed.reviews, seed.people.reviewers),
    ...responses(seed.responses),
    TAIL,
  ];
  return `${statements.join("\n\n")}\n`;
}

/** The number from which the id is made, and the id itself. */
function numbered<Row extends { number: number }>(
  kind: "user" | "category" | "business" | "review" | "response",
): Column<Row> {
  return { name: "id", value: (row) => row.number, expression: idExpression(kind, "entry.id") };
}

function users(people: Person[]): string[] {
  // GoTrue reads the tokens as texts and fails on null
  const empty = [
    "confirmation_token",
    "recovery_token",
    "email_change",
    "email_change_token_new",
    "email_change_token_current",
    "phone_change",
    "phone_change_token",
    "reauthentication_token",
  ].map((name): Column<Person> => ({ name, expression: "''" }));

  return insert<Person>({
    table: "auth.users",
    key: "id",
    rows: people,
    // one hash for all: bcrypt is slow on purpose, and the password is no secret
    with: `\
with password as materialized (
  select extensions.crypt('password123', extensions.gen_salt('bf', 10)) as hash
)`,
    from: "cross join password",
    columns: [
      numbered("user"),
      { name: "instance_id", expression: "'00000000-0000-0000-0000-000000000000'" },
      { name: "aud", expression: "'authenticated'" },
      { name: "role", expression: "'authenticated'" },
      { name: "email", value: (person) => person.email },
      { name: "encrypted_password", expression: "password.hash" },
      { name: "created_at", value: (person) => person.createdAt, type: "timestamptz" },
      { name: "updated_at", expression: "entry.created_at::timestamptz" },
      { name: "email_confirmed_at", expression: "entry.created_at::timestamptz" },
      {
        name: "raw_app_meta_data",
        expression: `'{"provider": "email", "providers": ["email"]}'`,
      },
      {
        name: "raw_user_meta_data",
        value: (person) => person.name,
        expression: "jsonb_build_object('display_name', entry.raw_user_meta_data)",
      },
      ...empty,
    ],
  });
}

function roles(grants: RoleGrant[]): string[] {
  return insert<RoleGrant>({
    table: "private.user_roles",
    key: "user_id, role",
    rows: grants,
    columns: [
      {
        name: "user_id",
        value: ({ person }) => person.number,
        expression: idExpression("user", "entry.user_id"),
      },
      { name: "role", value: (grant) => grant.role },
      { name: "granted_at", value: ({ person }) => person.createdAt, type: "timestamptz" },
      { name: "expires_at", value: (grant) => grant.expiresAt, type: "timestamptz" },
    ],
  });
}

function top(entry: PlacedCategory): PlacedCategory {
  return entry.parent === undefined ? entry : top(entry.parent);
}

function categories(entries: PlacedCategory[]): string[] {
  return insert<PlacedCategory>({
    table: "directory.categories",
    key: "id",
    rows: entries,
    columns: [
      numbered("category"),
      {
        name: "parent_id",
        value: ({ parent }) => parent?.number,
        expression: idExpression("category", "entry.parent_id"),
      },
      { name: "slug", value: ({ category }) => category.slug },
      { name: "name", value: ({ category }) => category.name },
      { name: "description", value: ({ category }) => category.about },
      { name: "icon", value: (entry) => top(entry).category.icon },
      { name: "color", value: (entry) => top(entry).category.color },
      { name: "sort_order", value: (entry) => entry.sortOrder },
      { name: "featured", value: ({ category }) => category.featured ?? false },
    ],
  });
}

function businesses(rows: Business[]): string[] {
  return insert<Business>({
    table: "directory.businesses",
    key: "id",
    rows,
    columns: [
      numbered("business"),
      { name: "slug", value: (row) => row.slug },
      { name: "name", value: (row) => row.name },
      { name: "short_description", value: (row) => row.shortDescription },
      { name: "description", value: (row) => row.description },
      {
        name: "primary_category_id",
        value: (row) => row.category.number,
        expression: idExpression("category", "entry.primary_category_id"),
      },
      { name: "tags", value: (row) => row.tags, type: "text[]" },
      { name: "phone", value: (row) => row.phone },
      { name: "phone_verified", value: (row) => row.phoneVerified },
      { name: "email", value: (row) => row.email },
      { name: "email_verified", value: (row) => row.emailVerified && row.email !== undefined },
      { name: "website", value: (row) => row.website },
      { name: "address_line_1", value: (row) => row.address },
      { name: "address_line_2", value: (row) => row.unit },
      { name: "city", value: (row) => row.city.name },
      { name: "state", value: (row) => row.city.state },
      { name: "zip_code", value: (row) => row.place.zip },
      { name: "longitude", value: (row) => row.longitude },
      { name: "latitude", value: (row) => row.latitude },
      { name: "time_zone", value: (row) => row.city.zone },
      { name: "service_area_radius_miles", value: (row) => row.serviceRadiusMiles, type: "int" },
      { name: "business_hours", value: (row) => row.hours, type: "jsonb" },
      { name: "year_established", value: (row) => row.yearEstablished },
      { name: "employee_count", value: (row) => row.employees },
      { name: "verification_status", value: (row) => row.verification },
      {
        // days after the entry was made
        name: "verification_date",
        value: (row) => row.daysToVerification,
        expression: "entry.created_at::timestamptz + " +
          "entry.verification_date::int * interval '1 day'",
      },
      { name: "trust_signals", value: (row) => row.trustSignals, type: "jsonb" },
      { name: "subscription_tier", value: (row) => row.tier },
      { name: "featured_until", value: (row) => row.featuredUntil, type: "timestamptz" },
      { name: "custom_attributes", value: (row) => row.attributes, type: "jsonb" },
      { name: "status", value: (row) => row.status },
      { name: "created_at", value: (row) => row.createdAt, type: "timestamptz" },
      { name: "updated_at", expression: "entry.created_at::timestamptz" },
      {
        // hours after the entry was made
        name: "published_at",
        value: (row) => row.hoursToPublication,
        expression: PUBLISHED,
      },
      { name: "suspended_at", value: (row) => row.suspendedAt, type: "timestamptz" },
      { name: "suspended_until", value: (row) => row.suspendedUntil, type: "timestamptz" },
      { name: "deleted_at", value: (row) => row.deletedAt, type: "timestamptz" },
      {
        name: "owner_id",
        value: (row) => row.owner?.number,
        expression: idExpression("user", "entry.owner_id"),
      },
      { name: "claimed_at", value: (row) => row.claimedAt, type: "timestamptz" },
    ],
  });
}

function privateParts(rows: Business[]): string[] {
  return insert<Business>({
    table: "directory_internal.business_private",
    key: "business_id",
    rows: rows.filter((row) =>
      row.owner !== undefined || row.paidUntil !== undefined || row.suspensionReason !== undefined
    ),
    columns: [
      {
        name: "business_id",
        value: (row) => row.number,
        expression: idExpression("business", "entry.business_id"),
      },
      { name: "legal_name", value: (row) => row.legalName },
      { name: "annual_revenue", value: (row) => row.annualRevenue },
      { name: "subscription_valid_until", value: (row) => row.paidUntil, type: "timestamptz" },
      { name: "boost_credits", value: (row) => row.boostCredits },
      { name: "suspension_reason", value: (row) => row.suspensionReason },
    ],
  });
}

function furtherCategories(rows: Business[]): string[] {
  return insert<{ business: Business; category: PlacedCategory }>({
    table: "directory.business_categories",
    key: "business_id, category_id",
    rows: rows.flatMap((business) => business.alsoIn.map((category) => ({ business, category }))),
    columns: [
      {
        name: "business_id",
        value: ({ business }) => business.number,
        expression: idExpression("business", "entry.business_id"),
      },
      {
        name: "category_id",
        value: ({ category }) => category.number,
        expression: idExpression("category", "entry.category_id"),
      },
    ],
  });
}

function managers(rows: Business[]): string[] {
  return insert<{ business: Business; manager: Manager }>({
    table: "directory.business_managers",
    key: "business_id, user_id",
    rows: rows.flatMap((business) => business.managers.map((manager) => ({ business, manager }))),
    columns: [
      {
        name: "business_id",
        value: ({ business }) => business.number,
        expression: idExpression("business", "entry.business_id"),
      },
      {
        name: "user_id",
        value: ({ manager }) => manager.person.number,
        expression: idExpression("user", "entry.user_id"),
      },
      { name: "role", value: ({ manager }) => manager.role },
      {
        name: "invited_by",
        value: ({ manager }) => manager.invitedBy.number,
        expression: idExpression("user", "entry.invited_by"),
      },
      { name: "accepted_at", value: ({ manager }) => manager.acceptedAt, type: "timestamptz" },
    ],
  });
}

function serviceAreas(rows: Business[]): string[] {
  const areas = rows.flatMap((business) =>
    business.serviceAreas.map((area) => ({ business, area, number: 0 }))
  );
  areas.forEach((entry, index) => entry.number = index + 1);
  return insert<{ business: Business; area: ServiceArea; number: number }>({
    table: "directory.service_areas",
    key: "id",
    rows: areas,
    from: "join directory.businesses on businesses.id = " +
      idExpression("business", "entry.business_id"),
    columns: [
      { name: "id", value: (row) => row.number, expression: idExpression("area", "entry.id") },
      {
        name: "business_id",
        value: ({ business }) => business.number,
        expression: "businesses.id",
      },
      { name: "area_name", value: ({ area }) => area.name },
      {
        name: "area",
        value: ({ area }) => area.radiusMeters,
        expression: "extensions.st_multi(\n" +
          "    extensions.st_buffer(businesses.location, entry.area)::extensions.geometry\n" +
          "  )::extensions.geography",
      },
      { name: "delivery_fee", value: ({ area }) => area.deliveryFee },
      { name: "minimum_order", value: ({ area }) => area.minimumOrder },
      { name: "estimated_time_minutes", value: ({ area }) => area.minutes },
    ],
  });
}

function reviews(rows: Review[]): string[] {
  return insert<Review>({
    table: "directory.business_reviews",
    key: "id",
    rows,
    columns: [
      numbered("review"),
      {
        name: "business_id",
        value: (row) => row.business.number,
        expression: idExpression("business", "entry.business_id"),
      },
      {
        name: "reviewer_id",
        value: (row) => row.reviewer.number,
        expression: idExpression("user", "entry.reviewer_id"),
      },
      { name: "rating", value: (row) => row.rating },
      { name: "title", value: (row) => row.title },
      { name: "content", value: (row) => row.content },
      {
        // days before the review
        name: "visit_date",
        value: (row) => row.daysSinceVisit,
        expression: "(entry.created_at::timestamptz at time zone 'UTC')::date - " +
          "entry.visit_date::int",
      },
      { name: "verification_type", value: (row) => row.verification },
      { name: "status", value: (row) => row.status },
      { name: "sentiment_score", value: (row) => row.sentiment },
      { name: "topics", value: (row) => row.topics, type: "text[]" },
      { name: "language", value: (row) => row.language },
      { name: "created_at", value: (row) => row.createdAt, type: "timestamptz" },
      {
        name: "updated_at",
        expression: `coalesce(entry.deleted_at::timestamptz, ${PUBLISHED}, ` +
          "entry.created_at::timestamptz)",
      },
      {
        // hours after it was written
        name: "published_at",
        value: (row) => row.hoursToPublication,
        expression: PUBLISHED,
      },
      { name: "deleted_at", value: (row) => row.deletedAt, type: "timestamptz" },
    ],
  });
}

function moderation(rows: Review[], moderator: Person): string[] {
  return insert<Review>({
    table: "directory_internal.business_review_moderation",
    key: "review_id",
    rows: rows.filter((row) => row.moderation !== undefined),
    columns: [
      {
        name: "review_id",
        value: (row) => row.number,
        expression: idExpression("review", "entry.review_id"),
      },
      { name: "moderation_notes", value: (row) => row.moderation!.notes },
      { name: "moderated_by", expression: `'${id("user", moderator.number)}'` },
      { name: "moderated_at", value: (row) => row.moderation!.moderatedAt, type: "timestamptz" },
    ],
  });
}

/** What a business contests, its owner has flagged. */
function flags(rows: Review[]): string[] {
  return insert<Review>({
    table: "directory.review_flags",
    key: "review_id, reporter_id",
    rows: rows.filter((row) => row.status === "hidden" && row.business.owner !== undefined),
    columns: [
      {
        name: "review_id",
        value: (row) => row.number,
        expression: idExpression("review", "entry.review_id"),
      },
      {
        name: "reporter_id",
        value: (row) => row.business.owner!.number,
        expression: idExpression("user", "entry.reporter_id"),
      },
      { name: "reason", expression: "'fake'" },
      { name: "status", expression: "'upheld'" },
      { name: "resolved_at", value: (row) => row.moderation!.moderatedAt, type: "timestamptz" },
      { name: "created_at", expression: "entry.resolved_at::timestamptz - interval '1 hour'" },
    ],
  });
}

/** Neighbours in the list of reviewers vote; an author among them is left out. */
function votes(rows: Review[], reviewers: Person[]): string[] {
  const voter = `${reviewers[0].number} + (entry.review_id::int + place) % ${reviewers.length}`;
  return insert<Review>({
    table: "directory.review_votes",
    key: "review_id, user_id",
    rows: rows.filter((row) => row.helpful + row.notHelpful > 0),
    columns: [
      {
        name: "review_id",
        value: (row) => row.number,
        expression: idExpression("review", "entry.review_id"),
      },
      {
        // the author's number, whom the voters are told apart from
        name: "user_id",
        value: (row) => row.reviewer.number,
        expression: idExpression("user", `(${voter})`),
      },
      {
        // votes for and against
        name: "helpful",
        value: (row) => [row.helpful, row.notHelpful],
        expression: "place <= (entry.helpful::int[])[1]",
      },
      { name: "created_at", value: (row) => row.createdAt, type: "timestamptz" },
    ],
    from: `\
cross join lateral generate_series(
  1, (entry.helpful::int[])[1] + (entry.helpful::int[])[2]
) as place
where ${voter} <> entry.user_id::int`,
  });
}

function responses(rows: Response[]): string[] {
  return insert<Response>({
    table: "directory.business_review_responses",
    key: "id",
    rows,
    columns: [
      numbered("response"),
      {
        name: "review_id",
        value: (row) => row.review.number,
        expression: idExpression("review", "entry.review_id"),
      },
      {
        name: "business_id",
        value: (row) => row.review.business.number,
        expression: idExpression("business", "entry.business_id"),
      },
      {
        name: "responder_id",
        value: (row) => row.responder.number,
        expression: idExpression("user", "entry.responder_id"),
      },
      { name: "content", value: (row) => row.content },
      { name: "created_at", value: (row) => row.createdAt, type: "timestamptz" },
      { name: "updated_at", expression: "entry.created_at::timestamptz" },
    ],
  });
}
