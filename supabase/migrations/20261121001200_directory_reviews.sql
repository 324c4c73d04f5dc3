-- Reviews and answers to them. What moderators know of a review lives in a table of its own; a
-- review that its author changes goes back to moderation.

create table directory.business_reviews (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null
    constraint business_reviews_business_id_fkey
    references directory.businesses (id) on delete cascade,
  reviewer_id uuid not null default auth.uid()
    constraint business_reviews_reviewer_id_fkey references auth.users (id) on delete cascade,
  rating int not null,
  title text,
  content text not null,
  visit_date date,
  verification_type text,
  photos jsonb not null default '[]',
  videos jsonb not null default '[]',
  status text not null default 'pending',
  sentiment_score numeric(3, 2),
  topics text[] not null default '{}',
  language text not null default 'en',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  published_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,
  -- lets a response name the review and its business in one foreign key
  constraint business_reviews_id_business_id_key unique (id, business_id),
  constraint business_reviews_rating_check check (rating between 1 and 5),
  constraint business_reviews_title_check check (char_length(title) <= 255),
  constraint business_reviews_content_check check (
    char_length(btrim(content)) between 1 and 10000
  ),
  constraint business_reviews_visit_date_check check (visit_date >= date '2000-01-01'),
  constraint business_reviews_verification_type_check check (
    verification_type in ('receipt', 'photo', 'location')
  ),
  constraint business_reviews_json_check check (
    jsonb_typeof(photos) = 'array'
    and jsonb_typeof(videos) = 'array'
    and octet_length(photos::text) + octet_length(videos::text) <= 65536
  ),
  constraint business_reviews_status_check check (
    status in ('pending', 'published', 'rejected', 'hidden')
  ),
  constraint business_reviews_sentiment_score_check check (sentiment_score between -1 and 1),
  constraint business_reviews_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$')
);

create unique index business_reviews_business_id_reviewer_id_key
  on directory.business_reviews (business_id, reviewer_id)
  where deleted_at is null;
create index business_reviews_published_idx
  on directory.business_reviews (business_id, published_at desc, id) include (rating)
  where status = 'published' and deleted_at is null;
create index business_reviews_business_id_idx on directory.business_reviews (business_id);
create index business_reviews_reviewer_id_idx on directory.business_reviews (reviewer_id);

comment on table directory.business_reviews is
  'Reviews of businesses: one that is not deleted per user and business. The public reads the '
  'published ones.';
comment on column directory.business_reviews.reviewer_id is
  'The author; always the signed-in user.';
comment on column directory.business_reviews.rating is 'Stars, 1 to 5.';
comment on column directory.business_reviews.verification_type is
  'How the visit was proven: receipt, photo or location; null when it was not.';
comment on column directory.business_reviews.status is
  'pending, published, rejected or hidden. Changed by directory.moderate_review(), by enough flags '
  'and by an edit.';
comment on column directory.business_reviews.sentiment_score is '-1 (bad) to 1 (good).';
comment on column directory.business_reviews.edited_at is 'When the author last changed the text.';
comment on column directory.business_reviews.deleted_at is
  'When the author took the review back, by directory.delete_review().';

create table directory_internal.business_review_moderation (
  review_id uuid primary key
    constraint business_review_moderation_review_id_fkey
    references directory.business_reviews (id) on delete cascade,
  verification_data jsonb,
  moderation_notes text,
  flagged_count int not null default 0,
  flag_reasons jsonb not null default '[]',
  moderated_by uuid
    constraint business_review_moderation_moderated_by_fkey
    references auth.users (id) on delete set null,
  moderated_at timestamptz,
  constraint business_review_moderation_moderation_notes_check check (
    char_length(moderation_notes) <= 2000
  ),
  constraint business_review_moderation_flagged_count_check check (flagged_count >= 0),
  constraint business_review_moderation_flag_reasons_check check (
    jsonb_typeof(flag_reasons) = 'array'
  )
);

create index business_review_moderation_moderated_by_idx
  on directory_internal.business_review_moderation (moderated_by);

comment on table directory_internal.business_review_moderation is
  'What moderators know of a review and nobody else may read.';
comment on column directory_internal.business_review_moderation.verification_data is
  'Evidence of the visit, as handed in.';
comment on column directory_internal.business_review_moderation.flagged_count is
  'Flags of the review that were not dismissed. This and the next one are written by '
  'directory_internal.count_flags() alone.';
comment on column directory_internal.business_review_moderation.flag_reasons is
  'Their different reasons, a list of texts.';

create table directory.business_review_responses (
  id uuid primary key default gen_random_uuid(),
  review_id uuid not null,
  business_id uuid not null
    constraint business_review_responses_business_id_fkey
    references directory.businesses (id) on delete cascade,
  responder_id uuid default auth.uid()
    constraint business_review_responses_responder_id_fkey
    references auth.users (id) on delete set null,
  content text not null,
  status text not null default 'active',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- both columns at once, so that a rival business can't answer in another's name; a review has one
  -- business, so the key also means one response a review
  constraint business_review_responses_review_id_business_id_key unique (review_id, business_id),
  constraint business_review_responses_review_id_business_id_fkey
    foreign key (review_id, business_id)
    -- on update: a merge of businesses takes reviews along, and their answers with them
    references directory.business_reviews (id, business_id)
    on delete cascade on update cascade,
  constraint business_review_responses_content_check check (
    char_length(btrim(content)) between 1 and 5000
  ),
  constraint business_review_responses_status_check check (status in ('active', 'hidden'))
);

create index business_review_responses_business_id_idx
  on directory.business_review_responses (business_id);
create index business_review_responses_responder_id_idx
  on directory.business_review_responses (responder_id);

comment on table directory.business_review_responses is
  'The answer of a business to a review; one per review.';
comment on column directory.business_review_responses.responder_id is
  'Whose words they are: who gave the answer, or changed it last. Null when the account is gone.';

create function directory_internal.stamp_review()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE'
    and (new.rating, new.title, new.content, new.photos, new.videos)
      is distinct from (old.rating, old.title, old.content, old.photos, old.videos)
  then
    new.edited_at := now();
    if old.status in ('published', 'rejected') and new.status = old.status then
      new.status := 'pending';
    end if;
  end if;
  if new.status = 'published' then
    new.published_at := coalesce(new.published_at, now());
  end if;
  -- a day of grace: the reviewer's calendar may be ahead of the server's
  if new.visit_date > current_date + 1 then
    perform private.fail('PL112', new.visit_date::text);
  end if;
  return new;
end;
$$;

comment on function directory_internal.stamp_review() is
  'Trigger function, before insert or update: sends a published or rejected review whose text or '
  'rating changes to moderation, and dates edits and publication. Raises PL112 for a visit in the '
  'future.';

create trigger business_reviews_stamp
  before insert or update on directory.business_reviews
  for each row execute function directory_internal.stamp_review();

create trigger business_reviews_set_updated_at
  before update on directory.business_reviews
  for each row execute function private.set_updated_at();

create function directory_internal.stamp_response()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  -- the operator has no user, and corrects a word without taking the answer over
  if new.content is distinct from old.content and auth.uid() is not null then
    new.responder_id := auth.uid();
  end if;
  return new;
end;
$$;

comment on function directory_internal.stamp_response() is
  'Trigger function, before update: an answer is by who wrote its present words, so that nobody '
  'puts words into the mouth of a colleague.';

create trigger business_review_responses_stamp
  before update on directory.business_review_responses
  for each row execute function directory_internal.stamp_response();

create trigger business_review_responses_set_updated_at
  before update on directory.business_review_responses
  for each row execute function private.set_updated_at();

-- Definer: no API role may write deleted_at, and the row leaves what its author may update. Authors
-- only.
create function directory_internal.delete_review(review_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update directory.business_reviews
  set deleted_at = now()
  where business_reviews.id = delete_review.review_id
    and business_reviews.reviewer_id = auth.uid()
    and business_reviews.deleted_at is null;
  if not found then
    perform private.fail('PT404', 'Review ' || coalesce(review_id::text, 'null'));
  end if;
end;
$$;

comment on function directory_internal.delete_review(uuid) is 'Body of directory.delete_review().';

create function directory.delete_review(review_id uuid)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.delete_review(review_id);
$$;

comment on function directory.delete_review(uuid) is
  'Takes back a review of the caller, however old it is: nobody but its author and moderators sees '
  'it any more, it counts no more, and another can be written. Raises PT404 for a review that is '
  'not the caller''s or is deleted already.';

select private.define_error('PL112', 400, 'The visit on %s lies in the future.',
  'Send the day of the visit, or leave it out.');

alter table directory.business_reviews enable row level security;
alter table directory_internal.business_review_moderation enable row level security;
alter table directory.business_review_responses enable row level security;

-- The subquery is under the policies of businesses, so the reviews of a hidden business are hidden.
create policy business_reviews_select_anon on directory.business_reviews
  for select
  to anon
  using (
    status = 'published'
    and deleted_at is null
    and exists (select 1 from directory.businesses where businesses.id = business_id)
  );

create policy business_reviews_select_authenticated on directory.business_reviews
  for select
  to authenticated
  using (
    (
      status = 'published'
      and deleted_at is null
      and exists (select 1 from directory.businesses where businesses.id = business_id)
    )
    or reviewer_id = (select auth.uid())
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

create policy business_reviews_insert_reviewer on directory.business_reviews
  for insert
  to authenticated
  with check (
    reviewer_id = (select auth.uid())
    and business_id <> all (array(select directory_internal.managed_business_ids()))
    and exists (
      select 1
      from directory.businesses
      where businesses.id = business_id and businesses.status in ('active', 'suspended')
    )
  );

create policy business_reviews_update_reviewer on directory.business_reviews
  for update
  to authenticated
  using (
    reviewer_id = (select auth.uid())
    and deleted_at is null
    and created_at > now() - interval '30 days'
  )
  with check (reviewer_id = (select auth.uid()));

create policy business_review_responses_select_anon on directory.business_review_responses
  for select
  to anon
  using (
    status = 'active'
    and exists (select 1 from directory.business_reviews where business_reviews.id = review_id)
  );

create policy business_review_responses_select_authenticated
  on directory.business_review_responses
  for select
  to authenticated
  using (
    (
      status = 'active'
      and exists (select 1 from directory.business_reviews where business_reviews.id = review_id)
    )
    or business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

create policy business_review_responses_insert_managers on directory.business_review_responses
  for insert
  to authenticated
  with check (
    responder_id = (select auth.uid())
    and business_id = any (array(select directory_internal.managed_business_ids(array['manager'])))
    and exists (select 1 from directory.business_reviews where business_reviews.id = review_id)
  );

create policy business_review_responses_update_managers on directory.business_review_responses
  for update
  to authenticated
  using (
    business_id = any (array(select directory_internal.managed_business_ids(array['manager'])))
  )
  with check (
    business_id = any (array(select directory_internal.managed_business_ids(array['manager'])))
  );

grant select
  on directory.business_reviews, directory.business_review_responses
  to anon, authenticated, service_role;
grant
  insert (
    business_id, reviewer_id, rating, title, content, visit_date, photos, videos, language
  ),
  update (rating, title, content, visit_date, photos, videos, language)
  on directory.business_reviews to authenticated;
grant insert (review_id, business_id, responder_id, content), update (content)
  on directory.business_review_responses to authenticated;
grant insert, update, delete
  on directory.business_reviews, directory.business_review_responses
  to service_role;
grant execute on function
  directory.delete_review(uuid), directory_internal.delete_review(uuid)
  to authenticated;
