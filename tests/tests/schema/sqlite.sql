CREATE TABLE "teams" (
    "id" INTEGER NOT NULL,
    "lead_id" INTEGER NOT NULL,
    CONSTRAINT "teams_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "teams_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "people" ("id")
);
CREATE INDEX "teams_lead_id_idx" ON "teams" ("lead_id");
CREATE TABLE "people" (
    "id" INTEGER NOT NULL CONSTRAINT "people_pkey" PRIMARY KEY AUTOINCREMENT,
    "nick" TEXT NOT NULL,
    "street" TEXT,
    "city" TEXT,
    "team_id" INTEGER,
    CONSTRAINT "people_nick_key" UNIQUE ("nick"),
    CONSTRAINT "people_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id")
);
CREATE INDEX "people_team_id_idx" ON "people" ("team_id");
CREATE TABLE "distros" (
    "id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    CONSTRAINT "distros_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "distros_code_series_key" UNIQUE ("code", "series"),
    CONSTRAINT "distros_code_key" UNIQUE ("code")
);
CREATE TABLE "labels" (
    "name" TEXT NOT NULL,
    CONSTRAINT "labels_pkey" PRIMARY KEY ("name")
);
CREATE TABLE "bugs" (
    "id" INTEGER NOT NULL CONSTRAINT "bugs_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL,
    "created" TEXT NOT NULL DEFAULT (replace(strftime('%Y-%m-%d %H:%M:%f', 'now'), '.000', '')),
    "owner_id" INTEGER NOT NULL,
    "assignee_id" INTEGER,
    "duplicate_of" INTEGER,
    "distro_code" TEXT,
    "label" TEXT,
    "token" BLOB NOT NULL DEFAULT (randomblob(16)),
    CONSTRAINT "bugs_owner_id_title_key" UNIQUE ("owner_id", "title"),
    CONSTRAINT "bugs_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "people" ("id") ON DELETE RESTRICT,
    CONSTRAINT "bugs_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "people" ("id") ON DELETE SET NULL,
    CONSTRAINT "bugs_duplicate_of_fkey" FOREIGN KEY ("duplicate_of") REFERENCES "bugs" ("id"),
    CONSTRAINT "bugs_distro_code_fkey" FOREIGN KEY ("distro_code") REFERENCES "distros" ("code"),
    CONSTRAINT "bugs_label_fkey" FOREIGN KEY ("label") REFERENCES "labels" ("name")
);
CREATE INDEX "bugs_assignee_id_idx" ON "bugs" ("assignee_id");
CREATE INDEX "bugs_duplicate_of_idx" ON "bugs" ("duplicate_of");
CREATE INDEX "bugs_distro_code_idx" ON "bugs" ("distro_code");
CREATE INDEX "bugs_label_idx" ON "bugs" ("label");
CREATE TABLE "comments" (
    "bug_id" INTEGER NOT NULL,
    "nth" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    CONSTRAINT "comments_pkey" PRIMARY KEY ("bug_id", "nth"),
    CONSTRAINT "comments_bug_id_hash_key" UNIQUE ("bug_id", "hash"),
    CONSTRAINT "comments_bug_id_fkey" FOREIGN KEY ("bug_id") REFERENCES "bugs" ("id") ON DELETE CASCADE
);
CREATE TABLE "votes" (
    "bug_id" INTEGER NOT NULL,
    "nth" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "up" BOOLEAN NOT NULL,
    CONSTRAINT "votes_pkey" PRIMARY KEY ("bug_id", "nth", "person_id"),
    CONSTRAINT "votes_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people" ("id"),
    CONSTRAINT "votes_bug_id_nth_fkey" FOREIGN KEY ("bug_id", "nth") REFERENCES "comments" ("bug_id", "nth")
);
CREATE INDEX "votes_person_id_idx" ON "votes" ("person_id");
CREATE TABLE "bug_labels" (
    "bug_id" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    CONSTRAINT "bug_labels_pkey" PRIMARY KEY ("bug_id", "label"),
    CONSTRAINT "bug_labels_bug_id_fkey" FOREIGN KEY ("bug_id") REFERENCES "bugs" ("id"),
    CONSTRAINT "bug_labels_label_fkey" FOREIGN KEY ("label") REFERENCES "labels" ("name")
);
CREATE INDEX "bug_labels_label_idx" ON "bug_labels" ("label");
