-- The queue of moderators: a review that waits to be published, or that somebody flagged, has a
-- row. A moderator claims rows for a while, so that no two read the same review, and decides. An
-- edit ends the claim: nobody approves a text other than the one that was read.

create table directory_internal.review_queue (
  review_id uuid primary key
    constraint review_queue_review_id_fkey
    references directory.business_reviews (id) on delete cascade,
  waiting_since timestamptz not null default now(),
  claim uuid,
  claimed_by uuid
    constraint review_queue_claimed_by_fkey references auth.users (id) on delete set null,
  claimed_until timestamptz,
  constraint review_queue_claim_check check ((claim is null) = (claimed_until is null)),
  constraint review_queue_claimed_by_check check (claimed_by is null or claim is not null)
);

create index review_queue_waiting_since_idx
  on directory_internal.review_queue (waiting_since, review_id);
create index review_queue_claimed_by_idx on directory_internal.review_queue (claimed_by);
create unique index review_queue_claim_key on directory_internal.review_queue (claim);

comment on table directory_internal.review_queue is
  'Reviews that wait for a moderator. Rows come with a pending review or a flag and go with the '
  'decision, or with the review. The last that any writer locks.';
comment on column directory_internal.review_queue.claim is
  'Names the claim towards its holder; null when nobody has it.';
comment on column directory_internal.review_queue.claimed_by is
  'Who holds it; null besides a claim for the service key.';
comment on column directory_internal.review_queue.claimed_until is
  'From then on others may claim it; null when nobody has it.';

create function directory_internal.queue_reviews(review_ids uuid[])
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into directory_internal.review_queue (review_id)
  select queued.id
  from unnest(review_ids) as queued (id)
  order by queued.id
  on conflict on constraint review_queue_pkey do nothing;
$$;

comment on function directory_internal.queue_reviews(uuid[]) is
  'Puts reviews into the queue of the moderators; one that is there keeps its place. Parameter: '
  'their ids. The caller holds a lock on the reviews, so that no decision happens meanwhile.';

create function directory_internal.review_queue_added()
returns trigger
language plpgsql
volatile
security definer -- authors have no right on the queue
set search_path = ''
as $$
begin
  perform directory_internal.queue_reviews(
    array(select id from changed_rows where status = 'pending' and deleted_at is null)
  );
  return null;
end;
$$;

comment on function directory_internal.review_queue_added() is
  'Trigger function, after statement: queues new reviews that wait.';

create function directory_internal.review_queue_changed()
returns trigger
language plpgsql
volatile
security definer -- authors have no right on the queue
set search_path = ''
as $$
begin
  perform directory_internal.queue_reviews(
    array(
      select id from changed_rows where status = 'pending' and deleted_at is null
      except
      select id from old_rows where status = 'pending' and deleted_at is null
    )
  );

  perform 1
  from directory_internal.review_queue
  where review_queue.review_id in (select id from changed_rows)
  order by review_queue.review_id
  for update;

  delete from directory_internal.review_queue
  using changed_rows
  where review_queue.review_id = changed_rows.id
    and (
      changed_rows.deleted_at is not null
      or (
        changed_rows.status <> 'pending'
        and not exists (
          select 1
          from directory.review_flags
          where review_flags.review_id = changed_rows.id and review_flags.status = 'open'
        )
      )
    );

  update directory_internal.review_queue
  set claim = null, claimed_by = null, claimed_until = null
  from changed_rows
  join old_rows on old_rows.id = changed_rows.id
  where review_queue.review_id = changed_rows.id
    and review_queue.claim is not null
    and changed_rows.edited_at is distinct from old_rows.edited_at;
  return null;
end;
$$;

comment on function directory_internal.review_queue_changed() is
  'Trigger function, after statement: queues what has to wait now, drops what needs no decision '
  'any more, and ends the claim on what was edited.';

-- by name after business_reviews_refresh_*: the figures are locked before the queue
create trigger business_reviews_wait_insert
  after insert on directory.business_reviews
  referencing new table as changed_rows
  for each statement execute function directory_internal.review_queue_added();

create trigger business_reviews_wait_update
  after update on directory.business_reviews
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.review_queue_changed();

-- Definer: no API role may read or write the queue. Moderators and administrators only.
create function directory_internal.claim_reviews(result_limit int)
returns table (
  claim uuid,
  claimed_until timestamptz,
  waiting_since timestamptz,
  review_id uuid,
  business_id uuid,
  business_name text,
  status text,
  rating int,
  title text,
  content text,
  visit_date date,
  photos jsonb,
  videos jsonb,
  language text,
  created_at timestamptz,
  edited_at timestamptz,
  earlier_notes text,
  flags jsonb
)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  lease constant interval :=
    directory_internal.setting('review_claim_minutes') * interval '1 minute';
  own_business_ids uuid[] := array[]::uuid[];
  claimed_ids uuid[];
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  perform directory_internal.check_range(
    'result_limit', result_limit, 1, directory_internal.setting('review_claim_limit')
  );
  if not private.has_any_role(array['admin', 'super_admin']) then
    own_business_ids := array(select directory_internal.managed_business_ids());
  end if;

  with free as materialized (
    select review_queue.review_id
    from directory_internal.review_queue
    join directory.business_reviews on business_reviews.id = review_queue.review_id
    where (review_queue.claimed_until is null or review_queue.claimed_until <= now())
      and business_reviews.reviewer_id is distinct from auth.uid()
      and business_reviews.business_id <> all (own_business_ids)
    order by review_queue.waiting_since, review_queue.review_id
    limit claim_reviews.result_limit
    for update of review_queue skip locked
  ),
  taken as (
    update directory_internal.review_queue
    set claim = gen_random_uuid(), claimed_by = auth.uid(), claimed_until = now() + lease
    from free
    where review_queue.review_id = free.review_id
    returning review_queue.review_id
  )
  select array(select taken.review_id from taken) into claimed_ids;

  -- Read in a second statement: an edit that was committed until now is in it, a later one waits
  -- for the claim and ends it.
  return query
  select
    claimed.claim, claimed.claimed_until, claimed.waiting_since, business_reviews.id,
    business_reviews.business_id, businesses.name, business_reviews.status,
    business_reviews.rating, business_reviews.title, business_reviews.content,
    business_reviews.visit_date, business_reviews.photos, business_reviews.videos,
    business_reviews.language, business_reviews.created_at, business_reviews.edited_at,
    business_review_moderation.moderation_notes,
    coalesce(
      (
        select jsonb_agg(
          jsonb_build_object(
            'reason', review_flags.reason,
            'note', review_flags.note,
            'created_at', review_flags.created_at
          )
          order by review_flags.created_at, review_flags.id
        )
        from directory.review_flags
        where review_flags.review_id = claimed.review_id and review_flags.status = 'open'
      ),
      '[]'
    )
  from directory_internal.review_queue as claimed
  join directory.business_reviews on business_reviews.id = claimed.review_id
  join directory.businesses on businesses.id = business_reviews.business_id
  left join directory_internal.business_review_moderation
    on business_review_moderation.review_id = claimed.review_id
  where claimed.review_id = any (claimed_ids)
  order by claimed.waiting_since, claimed.review_id;
end;
$$;

comment on function directory_internal.claim_reviews(int) is
  'Body of directory.claim_reviews().';

create function directory.claim_reviews(result_limit int default 1)
returns table (
  claim uuid,
  claimed_until timestamptz,
  waiting_since timestamptz,
  review_id uuid,
  business_id uuid,
  business_name text,
  status text,
  rating int,
  title text,
  content text,
  visit_date date,
  photos jsonb,
  videos jsonb,
  language text,
  created_at timestamptz,
  edited_at timestamptz,
  earlier_notes text,
  flags jsonb
)
language sql
volatile
security invoker
set search_path = ''
as $$
  select * from directory_internal.claim_reviews(result_limit);
$$;

comment on function directory.claim_reviews(int) is
  'Hands the caller the reviews that wait longest for a decision, and nobody else gets them for '
  'directory.review_claim_minutes. Parameter: how many, 1 to directory.review_claim_limit. Reviews '
  'by the caller, and for a moderator those of a business of the own, are left to others. Each row '
  'has the claim to decide with, the review, the notes of an earlier decision and the open flags, '
  'a list of {reason, note, created_at}. For moderators and administrators. Raises 42501 for '
  'others, PL104 for a number out of range.';

-- Definer: no API role may write the queue. Whoever knows a claim holds it.
create function directory_internal.release_review(claim uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  update directory_internal.review_queue
  set claim = null, claimed_by = null, claimed_until = null
  where review_queue.claim = release_review.claim
    and review_queue.claimed_by is not distinct from auth.uid();
  return found;
end;
$$;

comment on function directory_internal.release_review(uuid) is
  'Body of directory.release_review().';

create function directory.release_review(claim uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.release_review(claim);
$$;

comment on function directory.release_review(uuid) is
  'Gives a claimed review back undecided; it keeps its place in the queue. Parameter: the claim. '
  'False when the caller does not hold it any more. For moderators and administrators. Raises '
  '42501 for others.';

-- Definer: no API role may write the status of a review. Moderators and administrators only. After
-- the review come its figures, then flags, notes and queue: whoever deletes an account meets them
-- in that order.
create function directory_internal.moderate_review(
  review_id uuid,
  decision text,
  notes text,
  claim uuid
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  new_status constant text := case decision
    when 'publish' then 'published'
    when 'reject' then 'rejected'
    when 'hide' then 'hidden'
  end;
  decided directory.business_reviews;
  held directory_internal.review_queue;
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  if new_status is null then
    perform private.fail('PL143', coalesce(decision, 'null'));
  end if;

  select business_reviews.* into decided
  from directory.business_reviews
  where business_reviews.id = moderate_review.review_id and business_reviews.deleted_at is null
  for no key update;
  if decided.id is null then
    perform private.fail('PT404', 'Review ' || coalesce(review_id::text, 'null'));
  end if;
  if decided.reviewer_id = auth.uid() then
    perform private.fail('PL144');
  end if;
  perform directory_internal.refuse_own_business(decided.business_id);

  select review_queue.* into held
  from directory_internal.review_queue
  where review_queue.review_id = decided.id and review_queue.claimed_until > now();
  if moderate_review.claim is not null then
    if (held.claim, held.claimed_by) is distinct from (moderate_review.claim, auth.uid()) then
      perform private.fail('PL171');
    end if;
  elsif held.claim is not null and held.claimed_by is distinct from auth.uid() then
    perform private.fail('PL172', held.claimed_until::text);
  end if;

  update directory.business_reviews
  set status = new_status
  where business_reviews.id = decided.id;

  update directory.review_flags
  set
    status = case new_status when 'published' then 'dismissed' else 'upheld' end,
    resolved_at = now()
  where review_flags.review_id = decided.id and review_flags.status = 'open';

  insert into directory_internal.business_review_moderation (
    review_id, moderation_notes, moderated_by, moderated_at
  )
  values (decided.id, moderate_review.notes, auth.uid(), now())
  on conflict on constraint business_review_moderation_pkey do update
  set
    moderation_notes = excluded.moderation_notes,
    moderated_by = excluded.moderated_by,
    moderated_at = excluded.moderated_at;

  delete from directory_internal.review_queue where review_queue.review_id = decided.id;

  perform audit.log_admin_action(
    'moderate_review', 'directory.business_reviews', decided.id::text,
    moderate_review.notes, jsonb_build_object('decision', decision)
  );
end;
$$;

comment on function directory_internal.moderate_review(uuid, text, text, uuid) is
  'Body of directory.moderate_review().';

create function directory.moderate_review(
  review_id uuid,
  decision text,
  notes text default null,
  claim uuid default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.moderate_review(review_id, decision, notes, claim);
$$;

comment on function directory.moderate_review(uuid, text, text, uuid) is
  'Decides on a review of somebody else, and on its open flags: publishing dismisses them, another '
  'decision upholds them. Parameters: the review; publish, reject or hide; notes that are kept '
  'with the decision; the claim, when the review comes from directory.claim_reviews(), which makes '
  'sure that it is as it was read. For moderators and administrators. Raises 42501 for others, '
  'PT404 for an unknown review, PL143 for an unknown decision, PL144 for a review by, or of a '
  'business of, the moderator, PL171 for a claim that is over, PL172 while somebody else has '
  'claimed the review.';

select private.define_error('PL143', 400, 'There is no decision %s.',
  'Use publish, reject or hide.');
select private.define_error('PL171', 400, 'The claim is over, or the review was edited since.',
  'Claim it again and read what it says now.');
select private.define_error('PL172', 400, 'Another moderator has claimed the review until %s.',
  'Take another one with directory.claim_reviews().');

select ops.define_setting('directory.review_claim_minutes', '15',
  'Minutes for which a moderator has a claimed review.', 1, 1440);
select ops.define_setting('directory.review_claim_limit', '20',
  'Reviews that a moderator may claim in one call.', 1, 1000);

alter table directory_internal.review_queue enable row level security;

grant execute on function
  directory.claim_reviews(int),
  directory.release_review(uuid),
  directory.moderate_review(uuid, text, text, uuid),
  directory_internal.claim_reviews(int),
  directory_internal.release_review(uuid),
  directory_internal.moderate_review(uuid, text, text, uuid)
  to authenticated, service_role;
