-- Businesses that were entered twice: found when one is entered or published, shown to moderators,
-- and merged by an administrator, so that reviews, figures and addresses go on under one roof.

create table directory.business_duplicates (
  business_id uuid not null
    constraint business_duplicates_business_id_fkey
    references directory.businesses (id) on delete cascade,
  other_id uuid not null
    constraint business_duplicates_other_id_fkey
    references directory.businesses (id) on delete cascade,
  distance_meters real,
  similarity real,
  status text not null default 'open',
  decided_by uuid
    constraint business_duplicates_decided_by_fkey references auth.users (id) on delete set null,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (business_id, other_id),
  -- a pair has one row, whichever of the two was found first
  constraint business_duplicates_pair_check check (business_id < other_id),
  constraint business_duplicates_distance_meters_check check (distance_meters >= 0),
  constraint business_duplicates_similarity_check check (similarity between 0 and 1),
  constraint business_duplicates_status_check check (status in ('open', 'dismissed', 'merged')),
  constraint business_duplicates_decided_at_check check ((status = 'open') = (decided_at is null))
);

create index business_duplicates_other_id_idx on directory.business_duplicates (other_id);
create index business_duplicates_decided_by_idx on directory.business_duplicates (decided_by);
create index business_duplicates_open_idx on directory.business_duplicates (created_at)
  where status = 'open';
create index businesses_location_idx on directory.businesses using gist (location)
  where status <> 'deleted';

comment on table directory.business_duplicates is
  'Pairs of businesses that may be one. Read by moderators and administrators.';
comment on column directory.business_duplicates.business_id is 'The one with the smaller id.';
comment on column directory.business_duplicates.distance_meters is
  'Distance when the pair was found, in metres; null when a person named the pair.';
comment on column directory.business_duplicates.similarity is
  'Trigram similarity of the names when the pair was found, 0 to 1; null when a person named it.';
comment on column directory.business_duplicates.status is
  'open, dismissed (they are two) or merged.';

create function directory_internal.find_duplicates(business_ids uuid[])
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  radius constant double precision := directory_internal.setting('duplicate_meters');
  least_similarity constant real := directory_internal.setting('duplicate_similarity');
  most constant int := directory_internal.setting('duplicates_per_business')::int;
  found_pairs int;
begin
  insert into directory.business_duplicates (business_id, other_id, distance_meters, similarity)
  select
    least(businesses.id, near.id), greatest(businesses.id, near.id),
    min(near.distance), max(near.similarity)
  from directory.businesses
  cross join lateral (
    select others.id, close.distance, close.similarity
    from directory.businesses as others
    cross join lateral (
      select
        extensions.st_distance(others.location, businesses.location)::real as distance,
        extensions.similarity(
          directory_internal.search_key(others.name),
          directory_internal.search_key(businesses.name)
        ) as similarity
    ) as close
    where others.status <> 'deleted'
      and others.id <> businesses.id
      and extensions.st_dwithin(others.location, businesses.location, radius)
      and close.similarity >= least_similarity
    order by close.similarity desc, close.distance, others.id
    limit most
  ) as near
  where businesses.id = any (business_ids)
    and businesses.status <> 'deleted'
    and businesses.location is not null
  group by 1, 2
  order by 1, 2
  on conflict on constraint business_duplicates_pkey do nothing;
  get diagnostics found_pairs = row_count;
  return found_pairs;
end;
$$;

comment on function directory_internal.find_duplicates(uuid[]) is
  'Notes which businesses may be the same as one of those given: within '
  'directory.duplicate_meters, with a name at least directory.duplicate_similarity alike. A pair '
  'that is known stays as it is. Returns how many pairs are new.';

-- Definer: who enters a business may not read those of others, nor the pairs.
create function directory_internal.businesses_entered()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform directory_internal.find_duplicates(array(select changed_rows.id from changed_rows));
  else
    -- again on publication: two who entered the same one at once did not see each other
    perform directory_internal.find_duplicates(array(
      select changed_rows.id
      from changed_rows
      join old_rows on old_rows.id = changed_rows.id
      where old_rows.status = 'draft' and changed_rows.status = 'active'
    ));
  end if;
  return null;
end;
$$;

comment on function directory_internal.businesses_entered() is
  'Trigger function, after statement: looks for duplicates of businesses that were entered or '
  'published.';

create trigger businesses_find_duplicates_insert
  after insert on directory.businesses
  referencing new table as changed_rows
  for each statement execute function directory_internal.businesses_entered();

create trigger businesses_find_duplicates_update
  after update on directory.businesses
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.businesses_entered();

-- Definer: no API role may write pairs. Moderators and administrators only.
create function directory_internal.dismiss_duplicate(business_id uuid, other_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  perform directory_internal.refuse_own_business(dismiss_duplicate.business_id);
  perform directory_internal.refuse_own_business(dismiss_duplicate.other_id);
  update directory.business_duplicates as pairs
  set status = 'dismissed', decided_by = auth.uid(), decided_at = now()
  where pairs.business_id = least(dismiss_duplicate.business_id, dismiss_duplicate.other_id)
    and pairs.other_id = greatest(dismiss_duplicate.business_id, dismiss_duplicate.other_id)
    and pairs.status = 'open';
  if not found then
    return false;
  end if;
  perform audit.log_admin_action(
    'dismiss_duplicate', 'directory.business_duplicates', dismiss_duplicate.business_id::text,
    metadata => jsonb_build_object('other_id', dismiss_duplicate.other_id)
  );
  return true;
end;
$$;

comment on function directory_internal.dismiss_duplicate(uuid, uuid) is
  'Body of directory.dismiss_duplicate().';

create function directory.dismiss_duplicate(business_id uuid, other_id uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.dismiss_duplicate(business_id, other_id);
$$;

comment on function directory.dismiss_duplicate(uuid, uuid) is
  'Says that two businesses, in either order, are two; the pair is not shown again. False when it '
  'is not open. For moderators and administrators. Raises 42501 for others, PL144 for a '
  'moderator''s own business.';

create function directory_internal.move_reviews(from_id uuid, to_id uuid)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  moved int;
begin
  -- who reviewed both has one live review afterwards: the later one. The owner of what stays
  -- reviews nothing of their own
  update directory.business_reviews
  set deleted_at = now()
  where business_reviews.business_id in (from_id, to_id)
    and business_reviews.deleted_at is null
    and (
      exists (
        select 1
        from directory.business_reviews as later
        where later.business_id in (from_id, to_id)
          and later.business_id <> business_reviews.business_id
          and later.reviewer_id = business_reviews.reviewer_id
          and later.deleted_at is null
          and (later.created_at, later.id) > (business_reviews.created_at, business_reviews.id)
      )
      or business_reviews.business_id = from_id and (
        business_reviews.reviewer_id in (
          select businesses.owner_id from directory.businesses where businesses.id = to_id
        )
        or business_reviews.reviewer_id in (
          select business_managers.user_id
          from directory.business_managers
          where business_managers.business_id = to_id
        )
      )
    );

  update directory.business_reviews
  set business_id = to_id
  where business_reviews.business_id = from_id;
  get diagnostics moved = row_count;
  return moved;
end;
$$;

comment on function directory_internal.move_reviews(uuid, uuid) is
  'Moves the reviews of a business to another one, with their answers. Of two live ones by one '
  'author the later stays, and none by those who look after the other business. Returns how many '
  'moved. For merge_businesses(), which holds what is moved.';

create function directory_internal.move_views(from_id uuid, to_id uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update directory_internal.business_events
  set business_id = to_id
  where business_events.business_id = from_id;
  update directory.business_views
  set business_id = to_id
  where business_views.business_id = from_id;

  -- a visitor of both on one day is one visitor
  with newcomers as (
    insert into directory_internal.business_visitors (business_id, day, visitor_id)
    select to_id, visitors.day, visitors.visitor_id
    from directory_internal.business_visitors as visitors
    where visitors.business_id = from_id
    on conflict on constraint business_visitors_pkey do nothing
    returning business_visitors.day
  ),
  left_behind as (
    delete from directory_internal.business_visitors
    where business_visitors.business_id = from_id
    returning business_visitors.day
  ),
  shared as (
    select left_behind.day, count(*) - coalesce(max(counted.newcomers), 0) as visitors
    from left_behind
    left join (
      select newcomers.day, count(*) as newcomers
      from newcomers
      group by newcomers.day
    ) as counted on counted.day = left_behind.day
    group by left_behind.day
  ),
  days as (
    delete from directory.business_view_daily
    where business_view_daily.business_id = from_id
    returning business_view_daily.*
  )
  insert into directory.business_view_daily as daily (
    business_id, day, views, visitors, timed_views, time_total, bounces
  )
  select
    to_id, days.day, days.views, days.visitors - coalesce(shared.visitors, 0), days.timed_views,
    days.time_total, days.bounces
  from days
  left join shared on shared.day = days.day
  on conflict on constraint business_view_daily_pkey do update
  set
    views = daily.views + excluded.views,
    visitors = daily.visitors + excluded.visitors,
    timed_views = daily.timed_views + excluded.timed_views,
    time_total = daily.time_total + excluded.time_total,
    bounces = daily.bounces + excluded.bounces;

  update directory.business_stats
  set
    view_count = business_stats.view_count + gone.view_count,
    click_count = business_stats.click_count + gone.click_count,
    share_count = business_stats.share_count + gone.share_count
  from directory.business_stats as gone
  where business_stats.business_id = to_id and gone.business_id = from_id;
  update directory.business_stats
  set view_count = 0, click_count = 0, share_count = 0
  where business_stats.business_id = from_id;
end;
$$;

comment on function directory_internal.move_views(uuid, uuid) is
  'Adds views, visitors, clicks and shares of a business to those of another one. For '
  'merge_businesses(), which holds their figures and keeps the fold of events away.';

-- Definer: it moves what no API role may write. Administrators only.
create function directory_internal.merge_businesses(
  duplicate_id uuid,
  into_id uuid,
  reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  first_id constant uuid := least(duplicate_id, into_id);
  second_id constant uuid := greatest(duplicate_id, into_id);
  duplicate directory.businesses;
  kept directory.businesses;
  moved int;
begin
  perform private.require_any_role(array['admin', 'super_admin']);
  if duplicate_id is null or into_id is null then
    perform private.fail('PT404', 'Business null');
  end if;
  if duplicate_id = into_id then
    perform private.fail('PL160');
  end if;
  -- the fold of views locks businesses too, and would find those it took before gone
  perform pg_advisory_xact_lock(hashtextextended('directory.fold_business_events', 0));
  perform directory_internal.lock_category_tree(alone => false);
  -- for update, at once: the slug is a key, so the update below would else wait for reviewers who
  -- hold the row by a foreign key, while they wait for figures that this holds
  perform 1
  from directory.businesses
  where businesses.id in (first_id, second_id)
  order by businesses.id
  for update;
  perform 1
  from directory.business_reviews
  where business_reviews.business_id in (first_id, second_id)
  order by business_reviews.id
  for no key update;
  perform 1
  from directory.business_stats
  where business_stats.business_id in (first_id, second_id)
  order by business_stats.business_id
  for no key update;

  select businesses.* into duplicate
  from directory.businesses
  where businesses.id = duplicate_id;
  select businesses.* into kept
  from directory.businesses
  where businesses.id = into_id;
  if duplicate.id is null or kept.id is null then
    perform private.fail(
      'PT404', 'Business ' || case when kept.id is null then into_id else duplicate_id end
    );
  end if;
  if duplicate.status = 'deleted' or kept.status = 'deleted' then
    perform private.fail('PL153', 'deleted');
  end if;

  moved := directory_internal.move_reviews(duplicate_id, into_id);
  perform directory_internal.move_views(duplicate_id, into_id);
  insert into directory.business_saves (user_id, business_id, created_at)
  select saves.user_id, into_id, saves.created_at
  from directory.business_saves as saves
  where saves.business_id = duplicate_id
  order by saves.user_id
  on conflict on constraint business_saves_pkey do nothing;
  delete from directory.business_saves where business_saves.business_id = duplicate_id;
  insert into directory.business_categories (business_id, category_id)
  select into_id, categories.id
  from (
    select business_categories.category_id as id
    from directory.business_categories
    where business_categories.business_id = duplicate_id
    union
    select duplicate.primary_category_id
  ) as categories
  where categories.id <> kept.primary_category_id
  order by categories.id
  on conflict on constraint business_categories_pkey do nothing;
  update directory.service_areas
  set business_id = into_id
  where service_areas.business_id = duplicate_id
    and not exists (
      select 1
      from directory.service_areas as own
      where own.business_id = into_id
    );

  -- the id is an address that leads nowhere; what it had leads to the one that stays
  update directory.businesses
  set slug = duplicate_id::text, status = 'deleted'
  where businesses.id = duplicate_id;
  update directory.business_slug_history
  set business_id = into_id
  where business_slug_history.business_id = duplicate_id;
  -- who looked after the duplicate gets no right on the other one, nor keeps one that can move
  perform directory_internal.cancel_claims(duplicate_id, array['claim', 'transfer']);
  update directory_internal.business_invitations as invitations
  set status = 'revoked', answered_by = auth.uid(), answered_at = now()
  where invitations.business_id = duplicate_id and invitations.status = 'open';
  update directory_internal.business_verifications as verifications
  set status = 'ended', decided_by = auth.uid(), decided_at = now()
  where verifications.business_id = duplicate_id and verifications.status = 'waiting';

  -- its other pairs have nothing left to decide
  update directory.business_duplicates as pairs
  set status = 'dismissed', decided_by = auth.uid(), decided_at = now()
  where duplicate_id in (pairs.business_id, pairs.other_id) and pairs.status = 'open';
  insert into directory.business_duplicates (
    business_id, other_id, status, decided_by, decided_at
  )
  values (first_id, second_id, 'merged', auth.uid(), now())
  on conflict on constraint business_duplicates_pkey do update
  set status = 'merged', decided_by = excluded.decided_by, decided_at = excluded.decided_at;

  perform audit.log_admin_action(
    'merge_businesses', 'directory.businesses', duplicate_id::text, reason,
    jsonb_build_object('into', into_id, 'slug', duplicate.slug, 'reviews', moved)
  );
end;
$$;

comment on function directory_internal.merge_businesses(uuid, uuid, text) is
  'Body of directory.merge_businesses().';

create function directory.merge_businesses(
  duplicate_id uuid,
  into_id uuid,
  reason text default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.merge_businesses(duplicate_id, into_id, reason);
$$;

comment on function directory.merge_businesses(uuid, uuid, text) is
  'Makes one business of two: reviews with their answers, views, categories, addresses and, where '
  'the other has none, service areas of the duplicate go to it; the duplicate is deleted. Owner, '
  'managers, plan and text of the one that stays are as they were. For administrators. Raises '
  '42501 for others, PT404 for an unknown business, PL153 for a deleted one, PL160 for one and the '
  'same.';

select private.define_error('PL160', 400, 'A business is no duplicate of itself.',
  'Send the duplicate and the business that stays.');

select ops.define_setting('directory.duplicate_meters', '100',
  'Distance within which two businesses of like names may be one, in metres.', 1, 10000);
select ops.define_setting('directory.duplicate_similarity', '0.5',
  'Trigram similarity of two names from which they are alike.', 0.1, 1);
select ops.define_setting('directory.duplicates_per_business', '5',
  'Most pairs that are noted when a business is entered.', 1, 100);

alter table directory.business_duplicates enable row level security;

create policy business_duplicates_select_moderators on directory.business_duplicates
  for select
  to authenticated
  using ((select private.has_any_role(array['moderator', 'admin', 'super_admin'])));

grant select on directory.business_duplicates to authenticated, service_role;
grant execute on function
  directory.dismiss_duplicate(uuid, uuid), directory_internal.dismiss_duplicate(uuid, uuid),
  directory.merge_businesses(uuid, uuid, text),
  directory_internal.merge_businesses(uuid, uuid, text)
  to authenticated, service_role;
