-- Readers report reviews, each reader a review once. Enough reports hide it until a moderator has
-- decided; what the business itself reports is looked at, but hides nothing.

create table directory.review_flags (
  id uuid primary key default gen_random_uuid(),
  review_id uuid not null
    constraint review_flags_review_id_fkey
    references directory.business_reviews (id) on delete cascade,
  reporter_id uuid not null default auth.uid()
    constraint review_flags_reporter_id_fkey references auth.users (id) on delete cascade,
  reason text not null,
  note text,
  status text not null default 'open',
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  constraint review_flags_review_id_reporter_id_key unique (review_id, reporter_id),
  constraint review_flags_reason_check check (
    reason in ('spam', 'offensive', 'fake', 'conflict_of_interest', 'other')
  ),
  constraint review_flags_note_check check (char_length(btrim(note)) between 1 and 1000),
  constraint review_flags_status_check check (status in ('open', 'upheld', 'dismissed')),
  constraint review_flags_resolved_at_check check ((status = 'open') = (resolved_at is null))
);

create index review_flags_reporter_id_idx on directory.review_flags (reporter_id);

comment on table directory.review_flags is
  'Reports of reviews to the moderators, one per review and reporter. A reporter reads the own '
  'ones, moderators read all; the author of the review never learns of them.';
comment on column directory.review_flags.reporter_id is 'Always the signed-in user.';
comment on column directory.review_flags.reason is
  'spam, offensive, fake, conflict_of_interest or other.';
comment on column directory.review_flags.note is 'What the reporter adds; null for nothing.';
comment on column directory.review_flags.status is
  'open, upheld or dismissed. Changed by directory.moderate_review(). Who decided is kept where '
  'only moderators look: business_review_moderation and audit.admin_actions.';

create function directory_internal.count_flags(review_ids uuid[])
returns void
language plpgsql
volatile
security definer -- reporters may not write what moderators know
set search_path = ''
as $$
begin
  insert into directory_internal.business_review_moderation (review_id)
  select business_reviews.id
  from directory.business_reviews
  where business_reviews.id = any (review_ids)
  order by business_reviews.id
  on conflict on constraint business_review_moderation_pkey do nothing;

  perform 1
  from directory_internal.business_review_moderation
  where business_review_moderation.review_id = any (review_ids)
  order by business_review_moderation.review_id
  for no key update;

  update directory_internal.business_review_moderation
  set flagged_count = counted.flags, flag_reasons = counted.reasons
  from (
    select
      flagged.id,
      count(review_flags.id) as flags,
      coalesce(
        jsonb_agg(distinct review_flags.reason) filter (where review_flags.id is not null), '[]'
      ) as reasons
    from unnest(review_ids) as flagged (id)
    left join directory.review_flags
      on review_flags.review_id = flagged.id and review_flags.status <> 'dismissed'
    group by flagged.id
  ) as counted
  where business_review_moderation.review_id = counted.id
    and (business_review_moderation.flagged_count, business_review_moderation.flag_reasons)
      is distinct from (counted.flags, counted.reasons);
end;
$$;

comment on function directory_internal.count_flags(uuid[]) is
  'Counts the flags of the reviews anew, under a lock on their moderation. Parameter: their ids.';

create function directory_internal.review_flags_added()
returns trigger
language plpgsql
volatile
security definer -- no reporter may hide a review
set search_path = ''
as $$
declare
  threshold constant numeric := directory_internal.setting('review_flag_threshold');
  ids constant uuid[] := array(select distinct changed_rows.review_id from changed_rows);
begin
  -- a decision on the same review is over before its flags are counted, or follows
  perform 1
  from directory.business_reviews
  where business_reviews.id = any (ids)
  order by business_reviews.id
  for no key update;

  update directory.business_reviews
  set status = 'hidden'
  where business_reviews.id = any (ids)
    and business_reviews.status = 'published'
    and business_reviews.deleted_at is null
    and threshold <= (
      select count(*)
      from directory.review_flags
      join directory.businesses on businesses.id = business_reviews.business_id
      where review_flags.review_id = business_reviews.id
        and review_flags.status = 'open'
        and review_flags.reporter_id is distinct from businesses.owner_id
        and not exists (
          select 1
          from directory.business_managers
          where business_managers.business_id = businesses.id
            and business_managers.user_id = review_flags.reporter_id
            -- or an owner could silence a reader by an invitation
            and business_managers.accepted_at is not null
        )
    );

  perform directory_internal.count_flags(ids);
  -- its author may have taken a review back while it was being reported
  perform directory_internal.queue_reviews(
    array(
      select business_reviews.id
      from directory.business_reviews
      where business_reviews.id = any (ids) and business_reviews.deleted_at is null
    )
  );
  return null;
end;
$$;

comment on function directory_internal.review_flags_added() is
  'Trigger function, after statement: counts the flags, puts the reviews before the moderators and '
  'hides what directory.review_flag_threshold readers have reported who do not belong to the '
  'business.';

create function directory_internal.review_flags_changed()
returns trigger
language plpgsql
volatile
security definer -- whoever resolves or loses a flag may not call count_flags() itself
set search_path = ''
as $$
begin
  perform directory_internal.count_flags(
    array(select distinct changed_rows.review_id from changed_rows)
  );
  return null;
end;
$$;

comment on function directory_internal.review_flags_changed() is
  'Trigger function, after statement: counts the flags of reviews whose flags were resolved, or '
  'went with the account of their reporter.';

create trigger review_flags_count_insert
  after insert on directory.review_flags
  referencing new table as changed_rows
  for each statement execute function directory_internal.review_flags_added();

create trigger review_flags_count_update
  after update on directory.review_flags
  referencing new table as changed_rows
  for each statement execute function directory_internal.review_flags_changed();

create trigger review_flags_count_delete
  after delete on directory.review_flags
  referencing old table as changed_rows
  for each statement execute function directory_internal.review_flags_changed();

select ops.define_setting('directory.review_flag_threshold', '3',
  'Readers who must report a published review to hide it until a moderator decides.', 1, 1000);

alter table directory.review_flags enable row level security;

create policy review_flags_select_involved on directory.review_flags
  for select
  to authenticated
  using (
    reporter_id = (select auth.uid())
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

create policy review_flags_insert_reporter on directory.review_flags
  for insert
  to authenticated
  with check (
    reporter_id = (select auth.uid())
    and exists (
      select 1
      from directory.business_reviews
      where business_reviews.id = review_id
        and business_reviews.status = 'published'
        and business_reviews.deleted_at is null
        and business_reviews.reviewer_id <> (select auth.uid())
    )
  );

grant select on directory.review_flags to authenticated, service_role;
grant insert (review_id, reporter_id, reason, note) on directory.review_flags to authenticated;
grant insert, update, delete on directory.review_flags to service_role;
