-- Reviews, answers to them, and the figures that follow from them. What moderators know of a review
-- lives in a table of its own; a review that its author changes goes back to moderation.

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
  helpful_count int not null default 0,
  not_helpful_count int not null default 0,
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
  constraint business_reviews_counts_check check (helpful_count >= 0 and not_helpful_count >= 0),
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
create index business_reviews_waiting_idx on directory.business_reviews (created_at, id)
  where status = 'pending' and deleted_at is null;

comment on table directory.business_reviews is
  'Reviews of businesses: one that is not deleted per user and business. The public reads the '
  'published ones.';
comment on column directory.business_reviews.reviewer_id is
  'The author; always the signed-in user.';
comment on column directory.business_reviews.rating is 'Stars, 1 to 5.';
comment on column directory.business_reviews.verification_type is
  'How the visit was proven: receipt, photo or location; null when it was not.';
comment on column directory.business_reviews.status is
  'pending, published, rejected or hidden. Changed by directory.moderate_review().';
comment on column directory.business_reviews.sentiment_score is '-1 (bad) to 1 (good).';
comment on column directory.business_reviews.edited_at is 'When the author last changed the text.';

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

create table directory.business_stats (
  business_id uuid primary key
    constraint business_stats_business_id_fkey
    references directory.businesses (id) on delete cascade,
  review_count int not null default 0,
  rating_total bigint not null default 0,
  avg_rating numeric(3, 2) generated always as (
    case when review_count > 0 then round(rating_total::numeric / review_count, 2) end
  ) stored,
  quality_score numeric(3, 2) not null default 0,
  view_count int not null default 0,
  click_count int not null default 0,
  save_count int not null default 0,
  share_count int not null default 0,
  last_activity_at timestamptz not null default now(),
  constraint business_stats_reviews_check check (
    review_count >= 0 and rating_total between review_count and review_count * 5
  ),
  constraint business_stats_quality_score_check check (quality_score between 0 and 5),
  constraint business_stats_counts_check check (
    view_count >= 0 and click_count >= 0 and save_count >= 0 and share_count >= 0
  )
);

comment on table directory.business_stats is
  'Figures of a business that follow from other rows. Written by '
  'directory_internal.refresh_listings() alone.';
comment on column directory.business_stats.review_count is
  'Published reviews that are not deleted.';
comment on column directory.business_stats.rating_total is 'Sum of their stars.';
comment on column directory.business_stats.avg_rating is
  'Mean stars, 1 to 5; null without reviews.';
comment on column directory.business_stats.quality_score is
  '0 to 5, by directory_internal.quality_score().';

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

create trigger business_review_responses_set_updated_at
  before update on directory.business_review_responses
  for each row execute function private.set_updated_at();

select private.define_error('PL112', 400, 'The visit on %s lies in the future.',
  'Send the day of the visit, or leave it out.');

alter table directory.business_reviews enable row level security;
alter table directory_internal.business_review_moderation enable row level security;
alter table directory.business_review_responses enable row level security;
alter table directory.business_stats enable row level security;

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

create policy business_stats_select_all on directory.business_stats
  for select
  to anon, authenticated
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

grant select
  on directory.business_reviews, directory.business_review_responses, directory.business_stats
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
